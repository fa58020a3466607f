import {
  type AnyTensor,
  formatShape,
  gradients,
  realize,
  sameShape,
  tensor,
} from '@tensorweft/core'
import { describeGoldenMismatch } from './compare-golden.ts'
import { GoldenCall, inputTensors } from './golden-call.ts'
import type { GoldenCase, GoldenOutput } from './golden-case.ts'
import { goldenOps } from './ops/index.ts'
import { weightedSum } from './weighted-sum.ts'

interface Comparison {
  readonly what: string
  readonly got: AnyTensor
  readonly wanted: GoldenOutput
}

/**
 * Computes a case and its gradients with core's op on the current backend, all in one plan, and
 * returns what differs from the reference, a text per tensor; an empty list if nothing does.
 *
 * @throws Error for an op that core does not have, and what the op throws.
 * @example
 * ```ts
 * const [golden] = await loadGoldens('linalg')
 * const problems = golden === undefined ? [] : await checkGolden(golden) // []
 * ```
 */
export async function checkGolden(golden: GoldenCase): Promise<string[]> {
  const op = goldenOps[golden.op]
  if (op === undefined) throw new Error(`core has no op for golden cases of ${golden.op}`)
  const inputs = inputTensors(golden.inputs)
  const outputs = [op(new GoldenCall(inputs, golden.attributes))].flat()
  if (outputs.length !== golden.outputs.length) {
    return [`${outputs.length} outputs instead of ${golden.outputs.length}`]
  }
  const comparisons = [
    ...golden.outputs.flatMap((wanted, i) => {
      const got = outputs[i]
      return got === undefined ? [] : [{ what: `output ${wanted.name ?? i}`, got, wanted }]
    }),
    ...compareGradients(golden, inputs, outputs),
  ]
  const computed = realize(...comparisons.map(({ got }) => got))
  // Everything starts before anything is awaited, so that `withBackend` holds for all of it.
  const [problems] = await Promise.all([
    Promise.all(comparisons.map((comparison) => problemOf(comparison, golden))),
    computed,
  ])
  return problems.flatMap((problem) => problem ?? [])
}

function compareGradients(
  golden: GoldenCase,
  inputs: ReadonlyMap<string, AnyTensor>,
  outputs: readonly AnyTensor[],
): Comparison[] {
  const wanted = golden.inputs.flatMap(({ name, shape, dtype }) => {
    const [values, input] = [golden.gradients.get(name), inputs.get(name)]
    return values === undefined || input === undefined
      ? []
      : [{ name, shape, dtype, values, input }]
  })
  if (wanted.length === 0) return []
  const weights = golden.cotangents.map((values, i) =>
    values === undefined ? undefined : tensor(values, { shape: golden.outputs[i]?.shape ?? [] }),
  )
  const slopes: readonly AnyTensor[] = gradients(
    weightedSum(outputs, weights),
    wanted.map(({ input }) => input),
  )
  return wanted.flatMap((gradient, i) => {
    const got = slopes[i]
    return got === undefined
      ? []
      : [{ what: `gradient by ${gradient.name}`, got, wanted: gradient }]
  })
}

async function problemOf(
  { what, got, wanted }: Comparison,
  golden: GoldenCase,
): Promise<string | undefined> {
  const type = (spec: Pick<GoldenOutput, 'dtype' | 'shape'>) =>
    `${spec.dtype} ${formatShape(spec.shape)}`
  if (got.dtype !== wanted.dtype || !sameShape(got.shape, wanted.shape)) {
    return `${what} is ${type(got)} instead of ${type(wanted)}`
  }
  const mismatch = describeGoldenMismatch(await got.data(), wanted, golden)
  return mismatch === undefined ? undefined : `${what}: ${mismatch}`
}
