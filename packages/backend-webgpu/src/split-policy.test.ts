import { cpu } from '@tensorweft/backend-cpu'
import { type ContractKernel, type LoopKernel, splitReductions } from '@tensorweft/core'
import { affine, load, PlanBuilder, Random, runPlan } from '@tensorweft/testkit/plans'
import { expect, test } from 'vitest'
import { splitPolicy } from './split-policy.ts'
import { describeOnDevice } from './testing/backends.testing.ts'
import { worstRelative } from './testing/compare.testing.ts'

const at = (operand: number, strides: readonly number[]) =>
  load('float32', operand, affine(strides))

/** The sum and the maximum of each of some rows or columns. */
function reduction(results: number, terms: number, areColumns: boolean): LoopKernel {
  return {
    kind: 'reduce',
    label: `${results} ${areColumns ? 'columns' : 'rows'} of ${terms}`,
    axes: [results, terms],
    outer: 1,
    operands: [0, 1, 2].map((slot) => ({ slot, dtype: 'float32' })),
    stages: [
      {
        over: 'all',
        program: [at(0, areColumns ? [1, results] : [terms, 1])],
        reductions: (['sum', 'max'] as const).map((combiner) => {
          return { combiner, value: 0, dtype: 'float32' }
        }),
        stores: [],
      },
      {
        over: 'outer',
        program: [0, 1].map((reduction) => ({ op: 'reduced', dtype: 'float32', reduction })),
        reductions: [],
        stores: [0, 1].map((value) => ({ value, operand: 1 + value, index: affine([1]) })),
      },
    ],
  }
}

function product(m: number, n: number, k: number): ContractKernel {
  return {
    kind: 'contract',
    label: `${m} × ${n} × ${k}`,
    axes: [m, n, k],
    batch: [],
    m: [0],
    n: [1],
    k: [2],
    operands: [0, 1, 2].map((slot) => ({ slot, dtype: 'float32' })),
    left: { program: [at(0, [k, 0, 1])] },
    right: { program: [at(1, [0, k, 1])] },
    epilogue: [{ op: 'reduced', dtype: 'float32', reduction: 0 }],
    stores: [{ value: 0, operand: 2, index: affine([n, 1]) }],
  }
}

/** Most partial results of each result; 1 if the kernel stays whole. */
function chunksOf(kernel: LoopKernel | ContractKernel, results: number, terms: number): number {
  return splitPolicy.chunks(kernel, results, terms)?.most ?? 1
}

test('few long rows and columns are cut, many and short ones are not', () => {
  const rows = (results: number, terms: number) =>
    chunksOf(reduction(results, terms, false), results, terms)
  expect(rows(1, 2 ** 26)).toBe(1024)
  expect(rows(64, 2 ** 20)).toBe(16)
  expect(rows(1, 100_000)).toBe(24)
  expect(rows(1, 784)).toBe(1)
  expect(rows(65_536, 1000)).toBe(1)
  const columns = (results: number, terms: number) =>
    chunksOf(reduction(results, terms, true), results, terms)
  expect(columns(64, 12_544)).toBe(98)
  expect(columns(1024, 65_536)).toBe(128)
  expect(columns(256, 100)).toBe(1)
  expect(columns(1_000_000, 4096)).toBe(1)
})

test('long thin products are cut along K', () => {
  const most = (m: number, n: number, k: number) => chunksOf(product(m, n, k), m * n, k)
  expect(most(288, 64, 12_544)).toBe(21)
  expect(most(9, 32, 50_176)).toBe(196)
  expect(most(64, 10, 3136)).toBe(12)
  expect(most(256, 784, 100)).toBe(1)
  expect(most(4096, 4096, 4096)).toBe(1)
})

describeOnDevice('reductions that are cut', (backend) => {
  test('have the results of those that are not', async () => {
    const random = new Random(11)
    const builder = new PlanBuilder()
    const input = (size: number) =>
      builder.input(
        'float32',
        Array.from({ length: size }, () => random.uniform() * 2 - 1),
      )
    const add = (kernel: LoopKernel | ContractKernel, slots: readonly number[]) =>
      builder.add({ ...kernel, operands: slots.map((slot) => ({ slot, dtype: 'float32' })) })
    for (const [results, terms, areColumns] of [
      [1, 300_000, false],
      [1, 100_003, false],
      [3, 65_540, false],
      [40, 5000, true],
      [33, 4099, true],
    ] as const) {
      const [x, sums, maxima] = [input(results * terms), results, results]
      const slots = [x, builder.output('float32', sums), builder.output('float32', maxima)]
      add(reduction(results, terms, areColumns), slots)
    }
    for (const [m, n, k] of [
      [5, 9, 4096],
      [70, 33, 1280],
    ] as const) {
      add(product(m, n, k), [input(m * k), input(n * k), builder.output('float32', m * n)])
    }
    const { plan, inputs, scalars } = builder.build()
    const split = splitReductions(plan, splitPolicy)
    expect(split.kernels).toHaveLength(2 * plan.kernels.length)
    const wanted = await runPlan(cpu(), plan, inputs, scalars)
    const got = await runPlan(backend(), split, inputs, scalars, 2)
    const wrong = plan.outputs.flatMap((_, k) => {
      const [g, w] = [got[k], wanted[k]]
      if (g === undefined || w === undefined) return [`output ${k} is missing`]
      const worst = worstRelative(g, w, 'float32')
      return worst.ulps < 100 ? [] : [`output ${k}: ${JSON.stringify(worst)}`]
    })
    expect(wrong).toEqual([])
  })
})
