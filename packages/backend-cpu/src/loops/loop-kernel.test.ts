import {
  type ArraySpec,
  BackendError,
  type Combiner,
  type DType,
  type IndexData,
  type LoopKernel,
  type Plan,
  type Stage,
  type Step,
  type TypedArray,
} from '@tensorweft/core'
import { describe, expect, test } from 'vitest'
import { cpu } from '../index.ts'
import { runNaively } from '../naive.testing.ts'
import { apply, index, load, operandsOf, planOf, Random, runOnCpu } from '../plans.testing.ts'
import { randomLoopKernel } from '../random-kernels.testing.ts'

/** Rounding of sums in another order, relative to the largest value of the array. */
const tolerances: Readonly<Record<string, number>> = { float32: 2 ** -19, float64: 2 ** -46 }

async function check(plan: Plan, inputs: readonly TypedArray[], scalars: readonly number[] = []) {
  const wanted = runNaively(plan, inputs, scalars)
  const got = await runOnCpu(plan, inputs, scalars)
  wanted.forEach((array, k) => {
    const tolerance = tolerances[plan.outputs[k]?.dtype ?? ''] ?? 0
    let scale = 1
    for (const value of array) if (Number.isFinite(value)) scale = Math.max(scale, Math.abs(value))
    const wrong = Array.from(array).findIndex((value, element) => {
      const other = got[k]?.[element] ?? Number.NEGATIVE_INFINITY
      return !Object.is(value, other) && !(Math.abs(value - other) <= scale * tolerance)
    })
    expect(wrong, `first wrong element of output ${k}`).toBe(-1)
  })
}

test('random kernels', async () => {
  for (let seed = 0; seed < 300; seed++) {
    const { plan, inputs, scalars } = randomLoopKernel(new Random(seed))
    await check(plan, inputs, scalars)
  }
})

/** A reduction of a whole array, and its result over the outer axes. */
function reduction(
  combiner: Combiner,
  dtype: DType,
  axes: readonly number[],
  outer: number,
  strides: readonly number[],
): Plan {
  const size = axes.reduce((product, n) => product * n, 1)
  const outerSize = axes.slice(0, outer).reduce((product, n) => product * n, 1)
  const input = { dtype, size }
  const output = { dtype, size: outerSize }
  const outStrides = axes.map((_, axis) =>
    axis < outer ? axes.slice(axis + 1, outer).reduce((product, n) => product * n, 1) : 0,
  )
  const kernel: LoopKernel = {
    kind: 'reduce',
    label: combiner,
    axes,
    outer,
    operands: operandsOf(input, output),
    stages: [
      {
        over: 'all',
        program: [load(dtype, 0, strides)],
        reductions: [{ combiner, value: 0, dtype }],
        stores: [],
      },
      {
        over: 'outer',
        program: [{ op: 'reduced', dtype, reduction: 0 }],
        reductions: [],
        stores: [{ value: 0, operand: 1, index: index(0, outStrides) }],
      },
    ],
  }
  return planOf([kernel], [input], [output])
}

const combiners = ['sum', 'prod', 'max', 'min'] as const
const allDTypes = ['float32', 'float64', 'int32', 'uint8', 'bool'] as const

describe('reductions', () => {
  const layouts: Readonly<Record<string, readonly [number[], number, number[]]>> = {
    'short rows': [[300, 10], 1, [10, 1]],
    'long rows': [[3, 2500], 1, [2500, 1]],
    'narrow columns': [[10, 300], 1, [1, 10]],
    'wide columns': [[2500, 3], 1, [1, 2500]],
    'columns of images': [[4, 7, 31], 2, [31 * 7, 1, 7]],
    'wide columns of images': [[2, 1500, 3], 2, [4500, 1, 1500]],
    'rows of one': [[1100, 1], 1, [1, 1]],
    everything: [[1200], 0, [1]],
    'no rows': [[0, 5], 1, [5, 1]],
    'empty rows': [[1030, 0], 1, [0, 1]],
  }
  for (const [name, [axes, outer, strides]] of Object.entries(layouts)) {
    test(name, async () => {
      for (const combiner of combiners) {
        for (const dtype of allDTypes) {
          const plan = reduction(combiner, dtype, axes, outer, strides)
          const size = plan.inputs[0]?.size ?? 0
          await check(plan, [new Random(size).array(dtype, size)])
        }
      }
    })
  }

  test('of nothing give the identity', async () => {
    const wanted: Readonly<Record<Combiner, readonly number[]>> = {
      sum: [0, 0, 0, 0],
      prod: [1, 1, 1, 1],
      max: [Number.NEGATIVE_INFINITY, -2147483648, 0, 0],
      min: [Number.POSITIVE_INFINITY, 2147483647, 255, 1],
    }
    for (const combiner of combiners) {
      const dtypes = ['float32', 'int32', 'uint8', 'bool'] as const
      const results = dtypes.map(async (dtype) => {
        const [got] = await runOnCpu(reduction(combiner, dtype, [0], 0, [1]), [
          new Random(0).array(dtype, 0),
        ])
        return got?.[0]
      })
      expect(await Promise.all(results)).toEqual(wanted[combiner])
    }
  })

  test('a NaN anywhere makes the maximum and the minimum NaN', async () => {
    for (const combiner of ['max', 'min'] as const) {
      for (let at = 0; at < 7; at++) {
        const row = Float32Array.of(3, -1, 4, 1, -5, 9, 2)
        row[at] = Number.NaN
        const [got] = await runOnCpu(reduction(combiner, 'float32', [7], 0, [1]), [row])
        expect(got?.[0]).toBeNaN()
      }
    }
  })

  test('float32 sums do not lose small terms', async () => {
    const ones = new Float32Array(4099).fill(1)
    ones[0] = 2 ** 24
    const [got] = await runOnCpu(reduction('sum', 'float32', [4099], 0, [1]), [ones])
    expect(got?.[0]).toBe(2 ** 24 + 4098)
  })

  test('give the same bits in every run', async () => {
    const plan = reduction('sum', 'float32', [37, 1111], 1, [1111, 1])
    const inputs = [new Random(1).array('float32', 37 * 1111)]
    expect(await runOnCpu(plan, inputs)).toEqual(await runOnCpu(plan, inputs, [], 3))
  })
})

/** Softmax over rows in three walks: the maximum, the sum of exponentials, the quotients. */
function softmax(rows: number, columns: number, outIndex: IndexData): Plan {
  const spec: ArraySpec = { dtype: 'float32', size: rows * columns }
  const shifted: Step[] = [
    load('float32', 0, [columns, 1]),
    { op: 'reduced', dtype: 'float32', reduction: 0 },
    apply('float32', 'sub', 0, 1),
    apply('float32', 'exp', 2),
  ]
  const quotient: Step[] = [
    ...shifted,
    { op: 'reduced', dtype: 'float32', reduction: 1 },
    apply('float32', 'div', 3, 4),
  ]
  const stage = (program: Step[], reductions: Stage['reductions']): Stage => {
    return { over: 'all', program, reductions, stores: [] }
  }
  const stages: Stage[] = [
    stage(shifted.slice(0, 1), [{ combiner: 'max', value: 0, dtype: 'float32' }]),
    stage(shifted, [{ combiner: 'sum', value: 3, dtype: 'float32' }]),
    { ...stage(quotient, []), stores: [{ value: 5, operand: 1, index: outIndex }] },
  ]
  const kernel: LoopKernel = {
    kind: 'row',
    label: 'softmax',
    axes: [rows, columns],
    outer: 1,
    operands: operandsOf(spec, spec),
    stages,
  }
  return planOf([kernel], [spec], [spec])
}

describe('row kernels', () => {
  for (const [rows, columns] of [
    [100, 10],
    [3, 3000],
    [1500, 1],
    [1, 1024],
    [0, 4],
    [4, 0],
  ] as const) {
    test(`softmax of [${rows}, ${columns}]`, async () => {
      const inputs = [new Random(rows).array('float32', rows * columns)]
      await check(softmax(rows, columns, index(0, [columns, 1])), inputs)
      await check(softmax(rows, columns, index(0, [1, rows])), inputs)
    })
  }

  test('in place', async () => {
    const plan = softmax(50, 40, index(0, [40, 1]))
    const donated: Plan = { ...plan, outputs: [{ dtype: 'float32', size: 2000, donated: 0 }] }
    await check(donated, [new Random(9).array('float32', 2000)])
  })
})

describe('maps', () => {
  const map = (
    axes: readonly number[],
    outputs: readonly ArraySpec[],
    stage: Partial<Stage>,
  ): Plan => {
    const inputs: ArraySpec[] = [
      { dtype: 'float32', size: 3000 },
      { dtype: 'float32', size: 3000 },
    ]
    const whole: Stage = { over: 'outer', program: [], reductions: [], stores: [], ...stage }
    const operands = operandsOf(...inputs, ...outputs)
    const kernel: LoopKernel = {
      kind: 'map',
      label: 'map',
      axes,
      outer: axes.length,
      operands,
      stages: [whole],
    }
    return planOf([kernel], inputs, outputs)
  }
  const random = new Random(4)
  const inputs = [random.array('float32', 3000), random.array('float32', 3000)]
  const spec: ArraySpec = { dtype: 'float32', size: 3000 }

  test('two arrays swapped in place', async () => {
    const plan = map([3000], [spec, spec], {
      program: [load('float32', 0, [1]), load('float32', 1, [1])],
      stores: [
        { value: 1, operand: 2, index: index(0, [1]) },
        { value: 0, operand: 3, index: index(0, [1]) },
      ],
    })
    const outputs = [0, 1].map((donated) => ({ ...spec, donated }))
    expect(await runOnCpu({ ...plan, outputs }, inputs)).toEqual([inputs[1], inputs[0]])
  })

  test('a value that is stored is still there for the other stores', async () => {
    const plan = map([3000], [spec, spec, spec], {
      program: [
        load('float32', 0, [1]),
        load('float32', 1, [1]),
        apply('float32', 'add', 0, 1),
        apply('float32', 'mul', 2, 0),
      ],
      stores: [
        { value: 0, operand: 4, index: index(0, [1]) },
        { value: 3, operand: 2, index: index(0, [1]) },
        { value: 2, operand: 3, index: index(0, [1]) },
        { value: 3, operand: 4, index: index(0, [1]) },
      ].slice(0, 3),
    })
    const outputs = [
      { ...spec, donated: 0 },
      { ...spec, donated: undefined },
      { ...spec, donated: undefined },
    ]
    await check({ ...plan, outputs }, inputs)
  })

  test('transposed and reversed stores', async () => {
    const plan = map([50, 60], [spec, spec], {
      program: [load('float32', 0, [60, 1])],
      stores: [
        { value: 0, operand: 2, index: index(0, [1, 50]) },
        { value: 0, operand: 3, index: index(2999, [-60, -1]) },
      ],
    })
    await check(plan, inputs)
  })

  test('stores to the middle of an array', async () => {
    const plan = map([2000], [spec], {
      program: [
        load('float32', 0, [1], 500),
        load('float32', 1, [1]),
        apply('float32', 'add', 0, 1),
      ],
      stores: [{ value: 2, operand: 2, index: index(700, [1]) }],
    })
    await check({ ...plan, outputs: [{ ...spec, donated: 1 }] }, inputs)
  })

  test('a store through digits', async () => {
    // The rotation p → (p + 7) mod 3000.
    const rotated = index(0, [], [{ of: index(7, [1]), divisor: 1, modulus: 3000, coefficient: 1 }])
    const plan = map([3000], [spec], {
      program: [load('float32', 0, [1])],
      stores: [{ value: 0, operand: 2, index: rotated }],
    })
    await check(plan, inputs)
  })

  test('a scalar has one point', async () => {
    const one: ArraySpec = { dtype: 'float32', size: 1 }
    const plan = map([], [one], {
      program: [
        load('float32', 0, [], 5),
        load('float32', 1, [], 2999),
        apply('float32', 'sub', 0, 1),
      ],
      stores: [{ value: 2, operand: 2, index: index(0, []) }],
    })
    await check(plan, inputs)
  })
})

describe('kernels that make no sense are refused', () => {
  const refuse = (change: (kernel: LoopKernel) => LoopKernel) => {
    const plan = reduction('sum', 'float32', [3, 4], 1, [4, 1])
    const kernels = plan.kernels.map((kernel) => ('stages' in kernel ? change(kernel) : kernel))
    expect(() => cpu().compile({ ...plan, kernels })).toThrow(BackendError)
  }

  test('a reduction over the outer axes', () => {
    refuse((kernel) => ({
      ...kernel,
      stages: [
        ...kernel.stages,
        {
          over: 'outer',
          program: [load('float32', 0, [4])],
          reductions: [{ combiner: 'sum', value: 0, dtype: 'float32' }],
          stores: [],
        },
      ],
    }))
  })

  test('a reduction of another dtype than its values', () => {
    refuse(({ stages: [first, ...rest], ...kernel }) => {
      const reductions = [{ combiner: 'sum' as const, value: 0, dtype: 'int32' as const }]
      return { ...kernel, stages: first === undefined ? [] : [{ ...first, reductions }, ...rest] }
    })
  })

  test('an index over a reduced axis in the epilogue', () => {
    refuse(({ stages, ...kernel }) => {
      const epilogue: Stage = {
        over: 'outer',
        program: [load('float32', 0, [4, 1])],
        reductions: [],
        stores: [{ value: 0, operand: 1, index: index(0, [1]) }],
      }
      return { ...kernel, stages: [...stages.slice(0, 1), epilogue] }
    })
  })
})
