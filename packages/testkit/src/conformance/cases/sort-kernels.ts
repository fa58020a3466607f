import {
  createTypedArray,
  type DType,
  type IndexData,
  type Program,
  sizeOf,
  type TypedArray,
} from '@tensorweft/core'
import { seededRandom } from '../../plans/random.ts'
import { affine, apply, load, rowMajor } from '../../plans/steps.ts'
import type { CaseDefinition } from '../case.ts'
import { integerData } from '../data.ts'
import { fractions, type KernelTrial, kernelCase } from './kernel-case.ts'
import { sharedFields, walkPlan } from './walk-plan.ts'

interface SortParts {
  readonly axes: readonly number[]
  readonly outer: number
  readonly dtype?: DType
  readonly from?: IndexData
  readonly to?: IndexData
  readonly program?: Program
  /** By default small integers, many of which are equal. */
  readonly input?: TypedArray
}

/** The same rows in both directions. */
function sortTrials(parts: SortParts): KernelTrial[] {
  const { axes, outer, dtype = 'float32', input } = parts
  const { from = rowMajor(axes), to = rowMajor(axes) } = parts
  const program = parts.program ?? [load(dtype, 0, from)]
  const size = sizeOf(axes)
  return [false, true].map((descending) => {
    const direction = descending ? 'down' : 'up'
    const whole = {
      label: `${dtype} ${direction} over [${axes.slice(outer)}] for [${axes.slice(0, outer)}]`,
      axes,
      outer,
      program,
      value: program.length - 1,
      index: to,
      inputs: [{ dtype, size: input?.length ?? size }],
      output: { dtype: 'int32' as const, size },
    }
    const plan = walkPlan(whole, { kind: 'sort', ...sharedFields(whole), descending })
    return { plan, inputs: [input ?? integerData(dtype, size)] }
  })
}

const lengths = [1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17, 31, 64, 100, 257, 300]

/** Values of a dtype over all of its range. */
function wide(dtype: DType, size: number): TypedArray {
  const random = seededRandom(size)
  const values = createTypedArray<DType>(dtype, size)
  for (let i = 0; i < size; i++) values[i] = (random() - 0.5) * 2 ** 32
  return values
}

/** All that is special about floats, several times over and in some order. */
function specials(size: number): Float32Array {
  const some = [0, -0, 1, -1, 1e-45, -1e-45, 3e38, -3e38, 2 ** -126, 0.5, -0.5]
  const infinity = Number.POSITIVE_INFINITY
  const all = [...some, infinity, -infinity, Number.NaN, -Number.NaN]
  const random = seededRandom(size)
  return Float32Array.from({ length: size }, () => all[Math.floor(random() * all.length)] ?? 0)
}

/** `[count, length]` along its rows, and `[length, count]` along its columns. */
function bothWays(count: number, length: number, parts: Partial<SortParts> = {}): KernelTrial[] {
  const index = affine([1, count])
  return [
    ...sortTrials({ axes: [count, length], outer: 1, ...parts }),
    ...sortTrials({ axes: [count, length], outer: 1, from: index, to: index, ...parts }),
  ]
}

/** The order of the values of each row. */
export const sortCases: readonly CaseDefinition[] = [
  kernelCase('sort: rows of any length, equal values in the order they came', () =>
    lengths.flatMap((length) => bothWays(3, length)),
  ),
  kernelCase('sort: a long row, and many short ones', () => [
    ...sortTrials({ axes: [5000], outer: 0, input: fractions('float32', 5000) }),
    ...bothWays(1500, 3),
  ]),
  kernelCase('sort: every dtype', () =>
    (['int32', 'uint8', 'bool'] as const).flatMap((dtype) => [
      ...bothWays(2, 77, { dtype }),
      ...bothWays(2, 77, { dtype, input: integerData(dtype, 154, 9) }),
      ...(dtype === 'int32' ? bothWays(2, 77, { dtype, input: wide('int32', 154) }) : []),
    ]),
  ),
  kernelCase('sort: float64', () => {
    const near = Float64Array.from({ length: 90 }, (_, i) => 1 + ((i * 37) % 45) * 2 ** -50)
    return [
      ...bothWays(2, 45, { dtype: 'float64', input: near }),
      ...bothWays(2, 45, { dtype: 'float64', input: Float64Array.from(specials(90)) }),
    ]
  }),
  kernelCase('sort: NaN last, both zeros alike, infinities at the ends', () =>
    [1, 2, 5, 16, 40, 200].flatMap((length) =>
      bothWays(2, length, { input: specials(2 * length) }),
    ),
  ),
  kernelCase('sort: what is in order, and what is in reverse', () => {
    const up = Float32Array.from({ length: 130 }, (_, i) => i - 60)
    return [up, up.toReversed(), new Float32Array(130)].flatMap((input) =>
      sortTrials({ axes: [130], outer: 0, input }),
    )
  }),
  kernelCase('sort: along any axis, or several', () => {
    const middle = affine([35, 1, 7])
    return [
      ...sortTrials({ axes: [3, 7, 5], outer: 2, from: middle, to: middle }),
      ...sortTrials({ axes: [3, 7, 5], outer: 1 }),
      ...sortTrials({ axes: [3, 7, 5], outer: 0, from: affine([1, 15, 3]) }),
      ...sortTrials({ axes: [9, 11], outer: 1, to: affine([1, 9]) }),
    ]
  }),
  kernelCase('sort: nothing, and rows of nothing', () => [
    ...sortTrials({ axes: [0, 5], outer: 1 }),
    ...sortTrials({ axes: [5, 0], outer: 1 }),
    ...sortTrials({ axes: [], outer: 0 }),
  ]),
  kernelCase('sort: values of a program', () =>
    sortTrials({
      axes: [6, 20],
      outer: 1,
      input: integerData('float32', 120, 4),
      program: [
        load('float32', 0, affine([20, 1])),
        apply('float32', 'mul', 0, 0),
        load('float32', 0, affine([20, 0], 3)),
        apply('float32', 'sub', 1, 2),
      ],
    }),
  ),
]
