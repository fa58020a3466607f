import type { Combiner, DType, LoopKernel, Plan, Stage, Step, TypedArray } from '@tensorweft/core'
import { affine, apply, load, operandsOf, planOf, Random, runPlan } from '@tensorweft/testkit/plans'
import { describe, expect, test } from 'vitest'
import { wasm } from '../index.ts'

const sizes = [0, 1, 3, 4, 5, 31, 4097]

function mapPlan(axes: readonly number[], stage: Partial<Stage>, specs: Plan['inputs']): Plan {
  const outputs = specs.slice(-1)
  const stages = [{ over: 'outer' as const, program: [], reductions: [], stores: [], ...stage }]
  const kernel: LoopKernel = {
    kind: 'map',
    label: 'map',
    axes,
    outer: axes.length,
    operands: operandsOf(...specs),
    stages,
  }
  return planOf({ kernels: [kernel], inputs: specs.slice(0, -1), outputs })
}

describe('map', () => {
  for (const size of sizes) {
    test(`strides 1, −1, 2 and 0 over ${size} points`, async () => {
      const program: Step[] = [
        load('float32', 0, affine([1])),
        load('float32', 1, affine([-1], size - 1)),
        load('float32', 2, affine([2])),
        load('float32', 3, affine([0])),
        apply('float32', 'add', 0, 1),
        apply('float32', 'add', 4, 2),
        apply('float32', 'mul', 5, 3),
      ]
      const stores = [{ value: 6, operand: 4, index: affine([1]) }]
      const input = (size: number) => ({ dtype: 'float32' as const, size })
      const specs = [input(size), input(size), input(2 * size), input(1), input(size)]
      const arrays = specs
        .slice(0, 4)
        .map((spec) => Float32Array.from({ length: spec.size }, (_, k) => (k % 17) - 5))
      const [got] = await runPlan(wasm(), mapPlan([size], { program, stores }, specs), arrays)
      const [a = [], b = [], c = [], d = []] = arrays
      const at = (array: ArrayLike<number>, k: number) => array[k] ?? Number.NaN
      const wanted = Float32Array.from(
        { length: size },
        (_, k) => (at(a, k) + at(b, size - 1 - k) + at(c, 2 * k)) * at(d, 0),
      )
      expect(got).toEqual(wanted)
    })
  }

  test('padding never touches memory outside of its array, wherever that lies', async () => {
    // Every element is outside but the one in the middle, far below address 0 and far above.
    const size = 2 ** 16
    const within = [{ index: affine([1], -(2 ** 15)), low: 0, high: 1 }]
    const far = affine([5000], -(2 ** 15) * 5000)
    const program: Step[] = [{ op: 'load', dtype: 'float32', operand: 0, index: far, within }]
    const stores = [{ value: 0, operand: 1, index: affine([1]) }]
    const specs = [
      { dtype: 'float32' as const, size: 1 },
      { dtype: 'float32' as const, size },
    ]
    const plan = mapPlan([size], { program, stores }, specs)
    const [got = []] = await runPlan(wasm(), plan, [Float32Array.of(7)])
    expect(got.findIndex((value) => value !== 0)).toBe(2 ** 15)
    expect(got[2 ** 15]).toBe(7)
  })
})

function reducePlan(
  combiner: Combiner,
  dtype: DType,
  [outer, reduced]: readonly [number, number],
  strides: readonly number[],
): Plan {
  const reductions = [{ combiner, value: 0, dtype }]
  const stages: Stage[] = [
    { over: 'all', program: [load(dtype, 0, affine(strides))], reductions, stores: [] },
    {
      over: 'outer',
      program: [{ op: 'reduced', dtype, reduction: 0 }],
      reductions: [],
      stores: [{ value: 0, operand: 1, index: affine([1]) }],
    },
  ]
  const specs = [
    { dtype, size: outer * reduced },
    { dtype, size: outer },
  ]
  const kernel: LoopKernel = {
    kind: 'reduce',
    label: combiner,
    axes: [outer, reduced],
    outer: 1,
    operands: operandsOf(...specs),
    stages,
  }
  return planOf({ kernels: [kernel], inputs: specs.slice(0, 1), outputs: specs.slice(1) })
}

describe('reductions', () => {
  for (const size of [...sizes, 70_001]) {
    test(`float sums of ${size} elements, along rows and along columns`, async () => {
      const outer = 3
      const x = new Random(size).floats(outer * size)
      for (const strides of [
        [size, 1],
        [1, outer],
      ]) {
        const [got = []] = await runPlan(
          wasm(),
          reducePlan('sum', 'float32', [outer, size], strides),
          [x],
        )
        for (let row = 0; row < outer; row++) {
          let [sum, magnitude] = [0, 0]
          for (let k = 0; k < size; k++) {
            const value = x[row * (strides[0] ?? 0) + k * (strides[1] ?? 0)] ?? 0
            sum += value
            magnitude += Math.abs(value)
          }
          expect(Math.abs((got[row] ?? 0) - sum)).toBeLessThanOrEqual(magnitude * 2 ** -22)
        }
      }
    })
  }

  test('a million equal numbers add up without drifting', async () => {
    const size = 2 ** 20
    const x = new Float32Array(size).fill(0.1)
    const [got = []] = await runPlan(wasm(), reducePlan('sum', 'float32', [1, size], [0, 1]), [x])
    expect((got[0] ?? 0) / (size * 0.1)).toBeCloseTo(1, 5)
  })

  test('maxima and minima are NaN where an element is', async () => {
    for (const at of [0, 5, 30]) {
      const x = new Random(at).floats(31)
      x[at] = Number.NaN
      for (const combiner of ['max', 'min'] as const) {
        const plan = reducePlan(combiner, 'float32', [1, 31], [31, 1])
        expect(await runPlan(wasm(), plan, [x])).toEqual([Float32Array.of(Number.NaN)])
      }
    }
  })

  test('over nothing they give what changes nothing', async () => {
    const results: Record<string, TypedArray | undefined> = {}
    for (const combiner of ['sum', 'prod', 'max', 'min'] as const) {
      const plan = reducePlan(combiner, 'float32', [2, 0], [0, 1])
      results[combiner] = (await runPlan(wasm(), plan, [new Float32Array()]))[0]
    }
    const { POSITIVE_INFINITY: inf } = Number
    expect(results).toEqual({
      sum: Float32Array.of(0, 0),
      prod: Float32Array.of(1, 1),
      max: Float32Array.of(-inf, -inf),
      min: Float32Array.of(inf, inf),
    })
  })
})

test('a later stage reads what an earlier one stored in the same place', async () => {
  const size = 9
  const specs = [{ dtype: 'float32' as const, size: 2 * size }]
  const at = affine([size, 1])
  const doubled: Step[] = [load('float32', 0, affine([size, 1])), apply('float32', 'add', 0, 0)]
  const sum: Step[] = [load('float32', 0, affine([size, 1])), load('float32', 0, affine([size, 0]))]
  const shares: Step[] = [
    load('float32', 0, affine([size, 1])),
    { op: 'reduced', dtype: 'float32', reduction: 1 },
    apply('float32', 'div', 0, 1),
  ]
  const reduction = (value: number) => ({
    combiner: 'sum' as const,
    value,
    dtype: 'float32' as const,
  })
  const kernel: LoopKernel = {
    kind: 'row',
    label: 'shares',
    axes: [2, size],
    outer: 1,
    operands: [{ slot: 0, dtype: 'float32' }],
    stages: [
      {
        over: 'all',
        program: doubled,
        reductions: [reduction(1)],
        stores: [{ value: 1, operand: 0, index: at }],
      },
      { over: 'all', program: sum, reductions: [reduction(1)], stores: [] },
      {
        over: 'all',
        program: shares,
        reductions: [],
        stores: [{ value: 2, operand: 0, index: at }],
      },
    ],
  }
  const plan = {
    ...planOf({ kernels: [kernel], inputs: specs, outputs: [] }),
    outputs: [{ dtype: 'float32' as const, size: 2 * size, donated: 0 }],
  }
  const x = Float32Array.from({ length: 2 * size }, (_, k) => k + 1)
  const [got] = await runPlan(wasm(), plan, [x])
  // The second stage sums the doubled first element of each row over the row.
  const wanted = x.map((value, k) => (2 * value) / (size * 2 * (k < size ? 1 : size + 1)))
  expect(got).toEqual(wanted)
})
