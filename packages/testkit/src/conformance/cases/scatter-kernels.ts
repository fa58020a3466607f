import {
  type DType,
  type IndexData,
  type Program,
  type ScatterKernel,
  sizeOf,
  type TypedArray,
} from '@tensorweft/core'
import { planOf } from '../../plans/plan-of.ts'
import { affine, apply, load } from '../../plans/steps.ts'
import type { CaseDefinition } from '../case.ts'
import { integerData, targetData } from '../data.ts'
import { fractions, type KernelTrial, kernelCase } from './kernel-case.ts'
import { sharedFields } from './walk-plan.ts'

interface ScatterParts {
  readonly label?: string
  readonly axes: readonly number[]
  readonly outer: number
  readonly dtype?: DType
  readonly targets: Int32Array
  /** Where the target of a point is read. */
  readonly from: IndexData
  /** Where its value is read. */
  readonly values: IndexData
  /** Where target 0 of a row is, and how far others are apart. */
  readonly index: IndexData
  readonly stride: number
  readonly size: number
  readonly resultSize: number
  readonly input?: TypedArray
  /** What is done to the value (step 1) and the target (step 0) first. */
  readonly program?: Program
  readonly tolerance?: number
}

/** `result[index + stride · targets[from]] += values`, on top of other numbers. */
function scatterTrial(parts: ScatterParts): KernelTrial {
  const { axes, outer, dtype = 'float32', targets, stride, size, resultSize, index } = parts
  const input = parts.input ?? integerData(dtype, sizeOf(axes))
  const program = [
    load('int32', 0, parts.from),
    load(dtype, 1, parts.values),
    ...(parts.program ?? []),
  ]
  const result = { dtype, size: resultSize }
  const inputs = [
    { dtype: 'int32' as const, size: targets.length },
    { dtype, size: input.length },
    result,
  ]
  const label = parts.label ?? `${dtype} over [${axes.slice(outer)}] for [${axes.slice(0, outer)}]`
  const value = program.length - 1
  const walk = { label, axes, outer, inputs, output: result, program, value, index }
  const kernel: ScatterKernel = { kind: 'scatter', ...sharedFields(walk), target: 0, stride, size }
  const outputs = [{ ...result, donated: 2 }]
  const { tolerance = 0 } = parts
  const plan = planOf({ inputs, outputs, kernels: [kernel] })
  return { plan, inputs: [targets, input, integerData(dtype, resultSize, 5)], tolerance }
}

/** Rows of `width` that are added to rows of a table: what an embedding gets back. */
function rowsTrial(dtype: DType, count: number, rows: number, width: number): KernelTrial {
  return scatterTrial({
    dtype,
    axes: [width, count],
    outer: 1,
    // Some are outside of the table, far and near.
    targets: targetData(count, -1, rows + 1).map((at, i) => (i % 11 === 6 ? 2 ** 31 - 1 - i : at)),
    from: affine([0, 1]),
    values: affine([1, width]),
    index: affine([1, 0]),
    stride: width,
    size: rows,
    resultSize: rows * width,
  })
}

/** Each element of `[count, length]` to a place of its own in its row of `[count, size]`. */
function alongRows(dtype: DType, count: number, length: number, size: number): KernelTrial {
  return scatterTrial({
    dtype,
    axes: [count, length],
    outer: 1,
    targets: targetData(count * length, -2, size + 2),
    from: affine([length, 1]),
    values: affine([length, 1]),
    index: affine([size, 0]),
    stride: 1,
    size,
    resultSize: count * size,
  })
}

/** The same along columns: neighbours of a vector have targets of their own. */
function alongColumns(dtype: DType, count: number, length: number, size: number): KernelTrial {
  return scatterTrial({
    dtype,
    axes: [count, length],
    outer: 1,
    targets: targetData(count * length, -2, size + 2),
    from: affine([1, count]),
    values: affine([1, count]),
    index: affine([1, 0]),
    stride: count,
    size,
    resultSize: count * size,
  })
}

const anyDType: readonly DType[] = ['float32', 'int32', 'uint8', 'bool']
const sizes = [1, 2, 3, 4, 5, 8, 31, 64, 65, 300]

function all(dtype: DType): KernelTrial[] {
  return [
    ...sizes.map((width) => rowsTrial(dtype, 23, 7, width)),
    ...sizes.map((length) => alongRows(dtype, 3, length, 9)),
    ...sizes.map((length) => alongColumns(dtype, 6, length, 9)),
    ...sizes.map((count) => alongColumns(dtype, count, 11, 4)),
  ]
}

/** Sums at places that are computed. */
export const scatterCases: readonly CaseDefinition[] = [
  kernelCase('scatter: rows and elements, whatever is outside left out', () =>
    anyDType.flatMap(all),
  ),
  kernelCase('scatter: float64', () => all('float64')),
  kernelCase('scatter: everything into one element', () =>
    [1, 7, 5000].map((length) => alongRows('float32', 1, length, 1)),
  ),
  kernelCase('scatter: long rows and many short ones', () => [
    rowsTrial('float32', 3000, 5, 3),
    alongRows('float32', 700, 3, 4),
    alongColumns('float32', 700, 3, 4),
  ]),
  kernelCase('scatter: integers wrap, fractions are added in order', () => {
    const large = Int32Array.from({ length: 90 }, (_, i) => 2 ** 30 + i * 77_777)
    const bytes = Uint8Array.from({ length: 90 }, (_, i) => 100 + i)
    const common = { axes: [90], outer: 0, targets: targetData(90, 0, 3), resultSize: 3 }
    const at = { from: affine([1]), values: affine([1]), index: affine([0]), stride: 1, size: 3 }
    return [
      scatterTrial({ ...common, ...at, dtype: 'int32', input: large }),
      scatterTrial({ ...common, ...at, dtype: 'uint8', input: bytes }),
      scatterTrial({ ...common, ...at, input: fractions('float32', 90), tolerance: 1e-5 }),
    ]
  }),
  kernelCase('scatter: points along several axes, values of a program', () => [
    scatterTrial({
      label: 'image',
      axes: [4, 3, 5],
      outer: 1,
      targets: targetData(15, 0, 6),
      from: affine([0, 5, 1]),
      values: affine([1, 20, 4]),
      index: affine([1, 0, 0], 2),
      stride: 5,
      size: 6,
      resultSize: 32,
      program: [apply('float32', 'mul', 1, 1)],
    }),
    scatterTrial({
      label: 'two outer axes',
      axes: [3, 5, 8],
      outer: 2,
      targets: targetData(8, 0, 4),
      from: affine([0, 0, 1]),
      values: affine([40, 1, 5]),
      index: affine([20, 1, 0]),
      stride: 5,
      size: 4,
      resultSize: 60,
    }),
    scatterTrial({
      label: 'backwards',
      axes: [5, 8],
      outer: 1,
      targets: targetData(8, 0, 4),
      from: affine([0, -1], 7),
      values: affine([1, 5]),
      index: affine([-1, 0], 19),
      stride: -5,
      size: 4,
      resultSize: 20,
    }),
  ]),
  kernelCase('scatter: nothing, and rows of nothing', () => [
    rowsTrial('float32', 0, 4, 5),
    rowsTrial('float32', 4, 3, 0),
    rowsTrial('float32', 4, 0, 3),
  ]),
]
