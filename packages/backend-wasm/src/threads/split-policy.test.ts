import {
  type ContractKernel,
  type LoopKernel,
  type Plan,
  type Step,
  splitReductions,
  viewTypedArray,
} from '@tensorweft/core'
import { affine, apply, load, operandsOf, planOf, Random, runPlan } from '@tensorweft/testkit/plans'
import { describe, expect, test } from 'vitest'
import { wasmWith } from '../wasm-backend.ts'
import { defaultPolicy } from './policy.ts'
import { splitPolicy } from './split-policy.ts'

const never = { ...defaultPolicy, splitCost: Number.POSITIVE_INFINITY }
const always = { ...defaultPolicy, splitCost: 0 }

/** Sum and maximum of each column of `2 x` [rows, columns], as `sum + maximum`. */
function columnPlan(rows: number, columns: number): Plan {
  const program: Step[] = [load('float32', 0, affine([1, columns])), apply('float32', 'add', 0, 0)]
  const kernel: LoopKernel = {
    kind: 'reduce',
    label: 'columns',
    axes: [columns, rows],
    outer: 1,
    operands: operandsOf(
      { dtype: 'float32', size: rows * columns },
      { dtype: 'float32', size: columns },
    ),
    stages: [
      {
        over: 'all',
        program,
        reductions: [
          { combiner: 'sum', value: 1, dtype: 'float32' },
          { combiner: 'max', value: 1, dtype: 'float32' },
        ],
        stores: [],
      },
      {
        over: 'outer',
        program: [
          { op: 'reduced', dtype: 'float32', reduction: 0 },
          { op: 'reduced', dtype: 'float32', reduction: 1 },
          apply('float32', 'add', 0, 1),
        ],
        reductions: [],
        stores: [{ value: 2, operand: 1, index: affine([1]) }],
      },
    ],
  }
  const size = rows * columns
  return planOf({
    kernels: [kernel],
    inputs: [{ dtype: 'float32', size }],
    outputs: [{ dtype: 'float32', size: columns }],
  })
}

/** `a · bᵀ + 1` for `a` [rows, depth] and `b` [columns, depth]. */
function productPlan(rows: number, columns: number, depth: number): Plan {
  const specs = [rows * depth, columns * depth, rows * columns].map((size) => {
    return { dtype: 'float32' as const, size }
  })
  const kernel: ContractKernel = {
    kind: 'contract',
    label: 'product',
    axes: [rows, columns, depth],
    batch: [],
    m: [0],
    n: [1],
    k: [2],
    operands: operandsOf(...specs),
    left: { program: [load('float32', 0, affine([depth, 0, 1]))] },
    right: { program: [load('float32', 1, affine([0, depth, 1]))] },
    epilogue: [
      { op: 'reduced', dtype: 'float32', reduction: 0 },
      { op: 'constant', dtype: 'float32', value: 1 },
      apply('float32', 'add', 0, 1),
    ],
    stores: [{ value: 2, operand: 2, index: affine([columns, 1, 0]) }],
  }
  return planOf({ kernels: [kernel], inputs: specs.slice(0, 2), outputs: specs.slice(2) })
}

/** Integers, so that sums are exact in any order. */
function integers(seed: number, size: number): Float32Array {
  return new Random(seed).floats(size).map((value) => Math.round(value * 8))
}

const plans: Readonly<Record<string, Plan>> = {
  'columns, even': columnPlan(64, 5),
  'columns, seven chunks': columnPlan(7007, 7),
  'one long column': columnPlan(70_000, 1),
  'a product, even': productPlan(5, 9, 320),
  'a product, nine chunks': productPlan(9, 4, 5103),
  'a single number': productPlan(1, 1, 40_000),
}

describe('the results of a split plan are those of the plan', () => {
  test.each(Object.entries(plans))('%s', async (_, plan) => {
    const inputs = plan.inputs.map(({ size }, k) => integers(k, size))
    const split = splitReductions(plan, splitPolicy(always))
    expect(split.kernels.length).toBeGreaterThan(plan.kernels.length)
    expect(split.arenaByteLength).toBeGreaterThan(0)
    const backend = wasmWith({ threads: 1 }, never)
    const wanted = await runPlan(backend, plan, inputs)
    expect(await runPlan(backend, split, inputs)).toEqual(wanted)
  })
})

test('long sums stay accurate', async () => {
  const size = 4_000_000
  const x = new Random(3).floats(size)
  const plan = columnPlan(size, 1)
  const [sum] = await runPlan(wasmWith({ threads: 2 }, defaultPolicy), plan, [x])
  const exact = 2 * x.reduce((total, value) => total + value, 0)
  const most = 2 * x.reduce((most, value) => Math.max(most, value), -1)
  const value = viewTypedArray('float32', sum?.buffer ?? new ArrayBuffer(4), 0, 1)[0] ?? 0
  expect(Math.abs(value - (exact + most))).toBeLessThan(2e-3)
})

test('small reductions, many results, and lengths that are no multiples stay whole', () => {
  const small = columnPlan(10, 5)
  expect(splitReductions(small, splitPolicy(defaultPolicy))).toEqual(small)
  const wide = columnPlan(100, 1000)
  expect(splitReductions(wide, splitPolicy(always)).kernels).toHaveLength(1)
  const prime = columnPlan(1009, 5)
  expect(splitReductions(prime, splitPolicy(always)).kernels).toHaveLength(1)
  const short = columnPlan(1, 5)
  expect(splitReductions(short, splitPolicy(always)).kernels).toHaveLength(1)
})
