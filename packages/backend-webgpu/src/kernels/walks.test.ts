import type { DType, Kernel, LoopKernel, Operand, ScatterKernel } from '@tensorweft/core'
import { affine, load, PlanBuilder, Random } from '@tensorweft/testkit/plans'
import { expect, test } from 'vitest'
import { describeOnDevice } from '../testing/backends.testing.ts'
import {
  addScan,
  addSorts,
  type Extent,
  someValues,
  strideOf,
  wrongOutputs,
} from '../testing/walk-plans.testing.ts'

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
  const at = affine(strideOf([rows, length, isColumn]))
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
    program: [load('int32', 0, areTargetsShared ? affine([0, 1]) : at), load(dtype, 1, at)],
    target: 0,
    stride: isColumn ? rows : 1,
    size,
    store: { value: 1, operand: 2, index: affine([isColumn ? 1 : size, 0]) },
  }
  builder.add(kernel)
}

const dtypes = ['float32', 'int32', 'uint8', 'bool'] as const

describeOnDevice('walks', (backend) => {
  test('rows that fit in the memory of a workgroup are sorted', async () => {
    const builder = new PlanBuilder()
    const random = new Random(1)
    const add = (dtype: DType, extent: Extent) =>
      addSorts(builder, dtype, extent, someValues(dtype, extent[0] * extent[1], random))
    for (const length of [128, 129, 2048]) {
      for (const isColumn of [false, true]) add('float32', [3, length, isColumn])
    }
    for (const dtype of dtypes) add(dtype, [2, 1100, true])
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
        for (const isColumn of [false, true]) {
          const at = affine(strideOf([rows, length, isColumn]))
          const values = someValues(dtype, rows * length, random)
          addScan(builder, 'sum', dtype, [rows, length], at, values)
          addScan(builder, 'max', dtype, [rows, length], at, values)
        }
      }
    }
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
    const row = affine([columns, 1])
    const stages: LoopKernel['stages'] = [
      {
        over: 'all',
        program: [load('int32', 0, row)],
        reductions: [],
        stores: [{ value: 0, operand: 2, index: row }],
      },
      {
        over: 'all',
        program: [
          load('int32', 1, row),
          {
            op: 'gather',
            dtype: 'int32',
            operand: 2,
            index: affine([columns]),
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
