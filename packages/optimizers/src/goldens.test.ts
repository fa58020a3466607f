import { compile, setBackend, type Tensor, tensor } from '@tensorweft/core'
import { describeGoldenMismatch, type GoldenCase, loadGoldens } from '@tensorweft/testkit'
import { beforeAll, describe, expect, test } from 'vitest'
import { backends } from './backends.testing.ts'
import { inputOf, makeOptimizer, parameterFrom, partOf, rules } from './goldens.testing.ts'

const allCases = await loadGoldens('optimizers')

/** The parameters w and b after every step, as in the outputs of the case. */
async function trajectory(golden: GoldenCase, isCompiled: boolean): Promise<Float32Array[]> {
  const [w, b] = [parameterFrom(inputOf(golden, 'w')), parameterFrom(inputOf(golden, 'b'))]
  const optimizer = makeOptimizer({ op: golden.op, ...golden.attributes })
  const update = (dw: Tensor, db: Tensor) => optimizer.update({ w, b }, { w: dw, b: db })
  const step = isCompiled ? compile(update) : update
  const got: [number[], number[]] = [[], []]
  for (let t = 0; t < 20; t++) {
    const [dw, db] = ['wGradients', 'bGradients'].map((name) => {
      const { data, shape } = partOf(inputOf(golden, name), t)
      return tensor(data, { shape, dtype: 'float32' })
    })
    if (dw === undefined || db === undefined) throw new Error('there are no gradients')
    step(dw, db)
    got[0].push(...(await w.value.data()))
    got[1].push(...(await b.value.data()))
  }
  return got.map((values) => Float32Array.from(values))
}

describe.each(backends)('the reference trajectories on %s', (_, backend) => {
  beforeAll(async () => {
    await setBackend(await backend())
  })

  describe.each(allCases.map((golden) => [golden.name, golden] as const))('%s', (_, golden) => {
    test.each([
      ['step by step', false],
      ['compiled', true],
    ] as const)('%s', async (_, isCompiled) => {
      const got = await trajectory(golden, isCompiled)
      const mismatches = golden.outputs.map((wanted, i) =>
        describeGoldenMismatch(got[i] ?? new Float32Array(), wanted, golden),
      )
      expect(mismatches).toEqual([undefined, undefined])
    })
  })
})

test('every rule of the reference values is tested', () => {
  expect(new Set(allCases.map(({ op }) => op))).toEqual(new Set(Object.keys(rules)))
})
