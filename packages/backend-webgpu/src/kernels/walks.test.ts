import { cpu } from '@tensorweft/backend-cpu'
import type {
  DType,
  Kernel,
  LoopKernel,
  Operand,
  ScanKernel,
  ScatterKernel,
  SortKernel,
  Step,
} from '@tensorweft/core'
import { expect, test } from 'vitest'
import { describeOnDevice } from '../testing/backends.testing.ts'
import { worstDifference } from '../testing/compare.testing.ts'
import { PlanBuilder, runOn } from '../testing/plan-builder.testing.ts'
import { Random } from '../testing/random.testing.ts'
import { index } from '../testing/random-kernels.testing.ts'

function load(dtype: DType, operand: number, strides: readonly number[]): Step {
  return { op: 'load', dtype, operand, index: index(0, strides), within: [] }
}

/** Values of a dtype with many that are equal, and what is special about floats. */
function someValues(dtype: DType, size: number, random: Random): number[] {
  const { NaN: nan, POSITIVE_INFINITY: infinity } = Number
  const specials = [0, -0, 1e-45, -1e-45, 2 ** -127, infinity, -infinity, nan] as const
  return Array.from({ length: size }, () => {
    if (dtype === 'bool') return random.integer(0, 1)
    if (dtype === 'uint8') return random.integer(0, 255)
    if (dtype === 'int32') return random.integer(-(2 ** 31), 2 ** 31 - 1)
    return random.chance(0.05) ? random.pick(specials) : random.integer(-40, 40) / 8
  })
}

/** Strides of `[rows, length]`, or of `[length, rows]` walked along its columns. */
function stridesOf(rows: number, length: number, isColumn: boolean): number[] {
  return isColumn ? [1, rows] : [length, 1]
}

type Extent = readonly [rows: number, length: number, isColumn: boolean]

function addSort(builder: PlanBuilder, random: Random, dtype: DType, extent: Extent): void {
  const [rows, length, isColumn] = extent
  const strides = stridesOf(rows, length, isColumn)
  const slot = builder.input(dtype, someValues(dtype, rows * length, random))
  for (const descending of [false, true]) {
    const operands: Operand[] = [
      { slot, dtype },
      { slot: builder.output('int32', rows * length), dtype: 'int32' },
    ]
    const kernel: SortKernel = {
      kind: 'sort',
      label: `sort of ${dtype} [${extent}]${descending ? ', descending' : ''}`,
      axes: [rows, length],
      outer: 1,
      operands,
      program: [load(dtype, 0, strides)],
      descending,
      store: { value: 0, operand: 1, index: index(0, strides) },
    }
    builder.add(kernel)
  }
}

function addScan(builder: PlanBuilder, random: Random, dtype: DType, extent: Extent): void {
  const [rows, length, isColumn] = extent
  const strides = stridesOf(rows, length, isColumn)
  const input = builder.input(dtype, someValues(dtype, rows * length, random))
  for (const combiner of ['sum', 'max'] as const) {
    const slots = [input, builder.output(dtype, rows * length)]
    const kernel: ScanKernel = {
      kind: 'scan',
      label: `${combiner} of ${dtype} [${extent}]`,
      axes: [rows, length],
      outer: 1,
      operands: slots.map((slot) => ({ slot, dtype })),
      program: [load(dtype, 0, strides)],
      reduction: { combiner, value: 0, dtype },
      store: { value: 0, operand: 1, index: index(0, strides) },
    }
    builder.add(kernel)
  }
}

/** Fractions, whose sums show their order, to `size` places of a row, some of them outside. */
function addScatter(
  builder: PlanBuilder,
  random: Random,
  dtype: DType,
  [rows, length, isColumn, size]: readonly [...Extent, number],
  areTargetsShared = false,
): void {
  const values = Array.from({ length: rows * length }, () => {
    return dtype === 'float32' ? random.uniform() ** 8 : random.integer(0, 255)
  })
  const targets = Array.from({ length: rows * length }, () => random.integer(-1, size))
  const target = builder.input('int32', targets)
  const value = builder.input(dtype, values)
  const result = builder.input(dtype, someValues('bool', rows * size, random))
  builder.inPlace(result)
  const strides = stridesOf(rows, length, isColumn)
  const kernel: ScatterKernel = {
    kind: 'scatter',
    label: `scatter of ${dtype} [${rows}, ${length}]`,
    axes: [rows, length],
    outer: 1,
    operands: [
      { slot: target, dtype: 'int32' },
      { slot: value, dtype },
      { slot: result, dtype },
    ],
    program: [load('int32', 0, areTargetsShared ? [0, 1] : strides), load(dtype, 1, strides)],
    target: 0,
    stride: isColumn ? rows : 1,
    size,
    store: { value: 1, operand: 2, index: index(0, [isColumn ? 1 : size, 0]) },
  }
  builder.add(kernel)
}

/** Where the plan's outputs are not those of cpu, number for number. */
async function wrongOutputs(
  backend: Parameters<typeof runOn>[0],
  builder: PlanBuilder,
): Promise<string[]> {
  const plan = builder.plan()
  const wanted = await runOn(cpu(), { ...builder, plan })
  const got = await runOn(backend, { ...builder, plan }, 2)
  return plan.outputs.flatMap(({ dtype }, k) => {
    const [g, w] = [got[k], wanted[k]]
    if (g === undefined || w === undefined) return [`output ${k} is missing`]
    const { ulps, ...at } = worstDifference(g, w, dtype)
    return ulps === 0 ? [] : [`${plan.kernels[k]?.label}: ${JSON.stringify(at)}`]
  })
}

const dtypes = ['float32', 'int32', 'uint8', 'bool'] as const

describeOnDevice('walks', (backend) => {
  test('rows that fit in the memory of a workgroup, and longer ones, are sorted', async () => {
    const builder = new PlanBuilder()
    const random = new Random(1)
    for (const length of [128, 129, 2048, 2049]) {
      for (const isColumn of [false, true]) {
        addSort(builder, random, 'float32', [3, length, isColumn])
      }
    }
    for (const dtype of dtypes) addSort(builder, random, dtype, [2, 2500, true])
    expect(await wrongOutputs(backend(), builder)).toEqual([])
  })

  test('totals run on from lanes to lanes', async () => {
    const builder = new PlanBuilder()
    const random = new Random(2)
    for (const dtype of dtypes) {
      for (const [rows, length] of [
        [3, 2049],
        [70, 16],
        [70, 17],
        [67, 131],
      ] as const) {
        addScan(builder, random, dtype, [rows, length, false])
        addScan(builder, random, dtype, [rows, length, true])
      }
    }
    // Long rows that many workgroups share.
    addScan(builder, random, 'float32', [2, 16_384, true])
    addScan(builder, random, 'uint8', [1, 16_384, false])
    expect(await wrongOutputs(backend(), builder)).toEqual([])
  })

  test('values are added in the order of their points', async () => {
    const builder = new PlanBuilder()
    const random = new Random(3)
    for (const dtype of ['float32', 'int32', 'uint8'] as const) {
      for (const isColumn of [false, true]) {
        addScatter(builder, random, dtype, [1, 3000, isColumn, 5])
        addScatter(builder, random, dtype, [3, 700, isColumn, 1])
        addScatter(builder, random, dtype, [70, 17, isColumn, 9])
        addScatter(builder, random, dtype, [67, 12, isColumn, 3])
        addScatter(builder, random, dtype, [20, 300, isColumn, 7], true)
        addScatter(builder, random, dtype, [300, 70, isColumn, 50], true)
        addScatter(builder, random, dtype, [16, 9, isColumn, 1], true)
      }
    }
    expect(await wrongOutputs(backend(), builder)).toEqual([])
  })

  test('a row kernel gathers what an earlier stage stored', async () => {
    const builder = new PlanBuilder()
    const [rows, columns] = [4, 300]
    const random = new Random(4)
    const values = someValues('int32', rows * columns, random)
    const places = values.map(() => random.integer(0, columns - 1))
    const slots = [
      builder.input('int32', values),
      builder.input('int32', places),
      builder.output('int32', rows * columns),
      builder.output('int32', rows * columns),
    ]
    const row = index(0, [columns, 1])
    const stages: LoopKernel['stages'] = [
      {
        over: 'all',
        program: [load('int32', 0, [columns, 1])],
        reductions: [],
        stores: [{ value: 0, operand: 2, index: row }],
      },
      {
        over: 'all',
        program: [
          load('int32', 1, [columns, 1]),
          {
            op: 'gather',
            dtype: 'int32',
            operand: 2,
            index: index(0, [columns]),
            offset: 0,
            within: [],
          },
        ],
        reductions: [],
        stores: [{ value: 1, operand: 3, index: row }],
      },
    ]
    const operands = slots.map((slot): Operand => ({ slot, dtype: 'int32' }))
    const axes = [rows, columns]
    const kernel: Kernel = { kind: 'row', label: 'shuffle', axes, outer: 1, operands, stages }
    builder.add(kernel)
    expect(await wrongOutputs(backend(), builder)).toEqual([])
  })
})
