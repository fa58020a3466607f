import {
  type AnyTensor,
  add,
  type Backend,
  compile,
  gradients,
  isFloat,
  mul,
  Parameter,
  realize,
  sameShape,
  sum,
  type Tensor,
  type TypedArray,
  tensor,
  withBackend,
} from '@tensorweft/core'
import { buildNodes, buildOutputs, leafTensors, leavesOfProgram } from './build.ts'
import type { GraphProgram } from './program.ts'

/** A value that a backend computed beside the graph that says what it should be. */
export interface Outcome {
  readonly what: string
  readonly actual: TypedArray
  readonly expected: AnyTensor
}

type Mode = (program: GraphProgram, backend: Backend) => Promise<Outcome[]>

/** All outputs at once. */
const eager: Mode = async (program, backend) => {
  const outputs = buildOutputs(program, leafTensors(program))
  await withBackend(backend, () => realize(...outputs))
  return readAll('output', outputs, outputs, backend)
}

/** Every third node is read before the outputs are. */
const stepwise: Mode = async (program, backend) => {
  const nodes = buildNodes(program, leafTensors(program))
  for (const node of nodes.filter((_, number) => number % 3 === 2)) {
    await withBackend(backend, () => realize(node))
  }
  const outputs = program.outputs.flatMap((output) => nodes[output] ?? [])
  return readAll('output', outputs, outputs, backend)
}

/**
 * The outputs and the gradients of their weighted sum by every leaf of floats. A leaf among the
 * terms makes sure that there is a way through floats: without any, gradients refuses.
 */
const withGradients: Mode = async (program, backend) => {
  const leaves = leafTensors(program)
  const outputs = buildOutputs(program, leaves)
  const targets = leaves.filter(isFloat32)
  const loss = weightedSum([...outputs.filter(isFloat32), ...targets.slice(0, 1)])
  if (loss === undefined || targets.length === 0) return eager(program, backend)
  const all = [...outputs, ...gradients(loss, targets)]
  await withBackend(backend, () => realize(...all))
  return readAll('output or gradient', all, all, backend)
}

/**
 * A compiled function: called on the leaves, on its own outputs where they fit, and with one tensor
 * in place of several alike.
 */
const compiled: Mode = async (program, backend) => {
  const leaves = leafTensors(program)
  const run = compile((...args: AnyTensor[]) => buildOutputs(program, args))
  const call = (args: readonly AnyTensor[]) => withBackend(backend, async () => run(...args))
  const first = await call(leaves)
  const outputFor = leaves.map((leaf, i) =>
    isReplaceable(program, i) ? first.findIndex((output) => isAlike(output, leaf)) : -1,
  )
  const second = await call(leaves.map((leaf, i) => first[outputFor[i] ?? -1] ?? leaf))
  const repeated = leaves.map((leaf, i) => {
    const other = leaves.find((one) => isAlike(one, leaf)) ?? leaf
    return isReplaceable(program, i) ? other : leaf
  })
  const third = await call(repeated)
  const wanted = buildOutputs(program, leaves)
  const wantedSecond = buildOutputs(
    program,
    leaves.map((leaf, i) => wanted[outputFor[i] ?? -1] ?? leaf),
  )
  return [
    ...(await readAll('first call', first, wanted, backend)),
    ...(await readAll('call on its outputs', second, wantedSecond, backend)),
    ...(await readAll('same tensor twice', third, buildOutputs(program, repeated), backend)),
  ]
}

const steps = 3

/** A compiled step that assigns outputs to parameters in place of the leaves alike, run thrice. */
const assigned: Mode = async (program, backend) => {
  const parameters = leafTensors(program).map((leaf) => new Parameter(leaf))
  const plan = assignments(program, parameters, buildOutputs(program, leafTensors(program)))
  const step = compile(() => {
    const outputs = buildOutputs(
      program,
      parameters.map((parameter) => parameter.value),
    )
    for (const [parameter, output] of plan) assign(parameters[parameter], outputs[output])
    return outputs.filter((_, output) => output % 2 === 0)
  })
  const results = []
  for (let n = 0; n < steps; n++) results.push(await withBackend(backend, async () => step()))
  const { values, returned } = unrolled(program, plan)
  const after = parameters.map((parameter) => parameter.value)
  return [
    ...(await readAll('result of a step', results.flat(), returned, backend)),
    ...(await readAll('parameter after the steps', after, values, backend)),
  ]
}

/** Pairs of a parameter and the output it takes. */
function assignments(
  program: GraphProgram,
  parameters: readonly Parameter<AnyTensor['dtype']>[],
  outputs: readonly AnyTensor[],
): [number, number][] {
  const free = new Set(outputs.keys())
  return parameters.flatMap((parameter, p) => {
    const output = [...free].find((n) => isAlike(parameter, outputs[n]))
    if (output === undefined || !isReplaceable(program, p)) return []
    free.delete(output)
    return [[p, output] as [number, number]]
  })
}

function assign(
  parameter: Parameter<AnyTensor['dtype']> | undefined,
  value: AnyTensor | undefined,
) {
  if (parameter !== undefined && value !== undefined) parameter.assign(value)
}

/** What the steps should do, as one graph without parameters. */
function unrolled(program: GraphProgram, plan: readonly [number, number][]) {
  let values = leafTensors(program)
  const returned: AnyTensor[] = []
  for (let n = 0; n < steps; n++) {
    const outputs = buildOutputs(program, values)
    returned.push(...outputs.filter((_, output) => output % 2 === 0))
    const replaced = new Map(plan.map(([parameter, output]) => [parameter, outputs[output]]))
    values = values.map((value, parameter) => replaced.get(parameter) ?? value)
  }
  return { values, returned }
}

/** Ways to run a program. Each must give what the reference gives. */
export const runModes = { eager, stepwise, withGradients, compiled, assigned } satisfies Record<
  string,
  Mode
>

export type RunMode = keyof typeof runModes

async function readAll(
  what: string,
  tensors: readonly AnyTensor[],
  expected: readonly AnyTensor[],
  backend: Backend,
): Promise<Outcome[]> {
  const outcomes: Outcome[] = []
  for (const [i, result] of tensors.entries()) {
    const actual = await withBackend(backend, () => result.data())
    outcomes.push({ what: `${what} ${i}`, actual, expected: expected[i] ?? result })
  }
  return outcomes
}

/** `Σ wᵢ yᵢ` over all elements, with weights that tell them apart. */
function weightedSum(outputs: readonly Tensor[]): Tensor | undefined {
  const sums = outputs.map((output) => {
    const weights = Array.from({ length: output.size }, (_, i) => ((i * 7) % 5) / 4 - 0.75)
    return sum(mul(output, tensor(weights, { shape: output.shape })))
  })
  return sums.reduce<Tensor | undefined>(
    (total, next) => (total ? add(total, next) : next),
    undefined,
  )
}

/** Whether a leaf may hold any values: core refuses positions that are known to be outside. */
function isReplaceable(program: GraphProgram, leaf: number): boolean {
  return leavesOfProgram(program)[leaf]?.below === undefined
}

function isFloat32(x: AnyTensor): x is Tensor {
  return isFloat(x.dtype) && x.dtype === 'float32'
}

function isAlike(
  a: { readonly shape: readonly number[]; readonly dtype: string },
  b: AnyTensor | undefined,
): boolean {
  return b !== undefined && a.dtype === b.dtype && sameShape(a.shape, b.shape)
}
