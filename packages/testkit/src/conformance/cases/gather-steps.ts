import {
  type ArraySpec,
  createTypedArray,
  type DType,
  type IndexData,
  type Plan,
  type RangeData,
  type Step,
  sizeOf,
} from '@tensorweft/core'
import { mapKernel, operandsOf, planOf } from '../../plans/plan-of.ts'
import { affine, apply, constant, load } from '../../plans/steps.ts'
import type { CaseDefinition } from '../case.ts'
import { integerData, targetData } from '../data.ts'
import { type KernelTrial, kernelCase } from './kernel-case.ts'

interface GatherParts {
  readonly dtype: DType
  readonly axes: readonly number[]
  readonly tableSize: number
  readonly offsets: Int32Array
  /** Where the offset of a point is read. */
  readonly from: IndexData
  readonly index: IndexData
  readonly within?: readonly RangeData[]
}

/** `out[i, j, …] = table[index + factor · offsets[from]]`. */
function gatherTrial(label: string, factor: number, parts: GatherParts): KernelTrial {
  const { dtype, axes, tableSize, offsets, from, index, within = [] } = parts
  const inputs: ArraySpec[] = [
    { dtype, size: tableSize },
    { dtype: 'int32', size: offsets.length },
  ]
  const program: Step[] = [
    load('int32', 1, from),
    constant('int32', factor),
    apply('int32', 'mul', 0, 1),
    { op: 'gather', dtype, operand: 0, index, offset: 2, within },
  ]
  const output: ArraySpec = { dtype, size: sizeOf(axes) }
  const kernel = mapKernel(label, axes, operandsOf(...inputs, output), program)
  const plan = planOf({ inputs, outputs: [output], kernels: [kernel] })
  return { plan, inputs: [integerData(dtype, tableSize, 3), offsets] }
}

/** Rows of a table `[rows, width]`, chosen by `[count]` numbers. */
function rowsTrial(dtype: DType, count: number, rows: number, width: number): KernelTrial {
  return gatherTrial(`${count} rows of ${width} ${dtype}`, width, {
    dtype,
    axes: [count, width],
    tableSize: rows * width,
    offsets: targetData(count, 0, rows),
    from: affine([1, 0]),
    index: affine([0, 1]),
  })
}

const widths = [1, 2, 3, 4, 5, 8, 31, 64, 300]

function edges(dtype: DType): KernelTrial[] {
  const size = 40
  const inside = { index: affine([1], -3), low: 0, high: 25 }
  const common = { dtype, axes: [31], tableSize: size, from: affine([1]) }
  return [
    gatherTrial('backwards and ahead', 1, {
      ...common,
      offsets: Int32Array.from({ length: 31 }, (_, i) => (i * 17) % size),
      index: affine([0]),
    }),
    gatherTrial('against the index', 1, {
      ...common,
      // The index alone lies outside of the table.
      offsets: Int32Array.from({ length: 31 }, (_, i) => 900 - 3 * i),
      index: affine([4], -900),
    }),
    gatherTrial('where a guard holds', 1, {
      ...common,
      offsets: targetData(31, 0, size).map((target, i) => (i >= 3 && i < 28 ? target : 2 ** 30)),
      index: affine([0]),
      within: [inside],
    }),
    gatherTrial('where a guard holds, the same for all', 1, {
      ...common,
      offsets: Int32Array.of(7),
      from: affine([0]),
      index: affine([1], -10),
      within: [inside],
    }),
    gatherTrial('through digits', 1, {
      ...common,
      offsets: targetData(31, 0, 30),
      index: affine([0], 0, [{ of: affine([1], 5), divisor: 3, modulus: 4, coefficient: 3 }]),
    }),
  ]
}

/** A matrix product whose left operand has rows chosen by numbers. */
function productPlan(m: number, k: number, n: number): Plan {
  const float32 = (size: number): ArraySpec => ({ dtype: 'float32', size })
  const inputs: ArraySpec[] = [float32(50 * k), { dtype: 'int32', size: m }, float32(k * n)]
  const output = float32(m * n)
  const left: Step[] = [
    load('int32', 1, affine([1, 0, 0])),
    constant('int32', k),
    apply('int32', 'mul', 0, 1),
    {
      op: 'gather',
      dtype: 'float32',
      operand: 0,
      index: affine([0, 0, 1]),
      offset: 2,
      within: [],
    },
  ]
  return planOf({
    inputs,
    outputs: [output],
    kernels: [
      {
        kind: 'contract',
        label: `rows chosen of ${m} × ${k} × ${n}`,
        axes: [m, n, k],
        batch: [],
        m: [0],
        n: [1],
        k: [2],
        left: { program: left },
        right: { program: [load('float32', 2, affine([0, 1, n]))] },
        operands: operandsOf(...inputs, output),
        epilogue: [{ op: 'reduced', dtype: 'float32', reduction: 0 }],
        stores: [{ value: 0, operand: 3, index: affine([n, 1]) }],
      },
    ],
  })
}

/** Rows that are chosen and summed at once: a reduction over values that are gathered. */
function sumPlan(count: number, width: number): Plan {
  const inputs: ArraySpec[] = [
    { dtype: 'float32', size: 20 * width },
    { dtype: 'int32', size: count },
  ]
  const output: ArraySpec = { dtype: 'float32', size: width }
  const program: Step[] = [
    load('int32', 1, affine([0, 1])),
    constant('int32', width),
    apply('int32', 'mul', 0, 1),
    { op: 'gather', dtype: 'float32', operand: 0, index: affine([1]), offset: 2, within: [] },
  ]
  return planOf({
    inputs,
    outputs: [output],
    kernels: [
      {
        kind: 'reduce',
        label: `sum of ${count} rows of ${width}`,
        axes: [width, count],
        outer: 1,
        operands: operandsOf(...inputs, output),
        stages: [
          {
            over: 'all',
            program,
            reductions: [{ combiner: 'sum', value: 3, dtype: 'float32' }],
            stores: [],
          },
          {
            over: 'outer',
            program: [{ op: 'reduced', dtype: 'float32', reduction: 0 }],
            reductions: [],
            stores: [{ value: 0, operand: 2, index: affine([1]) }],
          },
        ],
      },
    ],
  })
}

const anyDType: readonly DType[] = ['float32', 'int32', 'uint8', 'bool']

/** Loads at places that are computed, in every kind of kernel that all backends have. */
export const gatherCases: readonly CaseDefinition[] = [
  kernelCase('gather: rows of a table', () =>
    anyDType.flatMap((dtype) => [
      ...widths.map((width) => rowsTrial(dtype, 7, 13, width)),
      rowsTrial(dtype, 1, 1, 9),
      rowsTrial(dtype, 0, 4, 5),
      rowsTrial(dtype, 300, 40, 3),
    ]),
  ),
  kernelCase('gather: elements of any dtype, also under guards and through digits', () =>
    anyDType.flatMap(edges),
  ),
  kernelCase('gather: float64', () => [rowsTrial('float64', 9, 7, 5), ...edges('float64')]),
  kernelCase('gather: inside a reduction', () =>
    [1, 2, 5, 64, 131].flatMap((width) =>
      [1, 6, 33].map((count) => ({
        plan: sumPlan(count, width),
        inputs: [integerData('float32', 20 * width), targetData(count, 0, 20)],
      })),
    ),
  ),
  kernelCase('gather: inside a contraction', () =>
    (
      [
        [1, 1, 1],
        [5, 7, 3],
        [33, 16, 20],
        [70, 65, 9],
      ] as const
    ).map(([m, k, n]) => ({
      plan: productPlan(m, k, n),
      inputs: [
        integerData('float32', 50 * k),
        targetData(m, 0, 50),
        integerData('float32', k * n, 2),
      ],
    })),
  ),
  kernelCase('gather: what is gathered may be the place of another', () => {
    const size = 23
    const spec: ArraySpec = { dtype: 'int32', size }
    const at = (offset: number): Step => ({
      op: 'gather',
      dtype: 'int32',
      operand: 0,
      index: affine([0]),
      offset,
      within: [],
    })
    const program: Step[] = [load('int32', 0, affine([1])), at(0), at(1)]
    const order = createTypedArray('int32', size).map((_, i) => (i * 5 + 3) % size)
    const kernel = mapKernel('thrice', [size], operandsOf(spec, spec), program)
    const plan = planOf({ inputs: [spec], outputs: [spec], kernels: [kernel] })
    return [{ plan, inputs: [order] }]
  }),
]
