import {
  type Combiner,
  createTypedArray,
  type DType,
  type IndexData,
  type Program,
  sizeOf,
  type TypedArray,
} from '@tensorweft/core'
import { affine, apply, constant, load, rowMajor } from '../../plans/steps.ts'
import type { CaseDefinition } from '../case.ts'
import { fractions, type KernelTrial, kernelCase } from './kernel-case.ts'
import { sharedFields, walkPlan } from './walk-plan.ts'

interface ScanParts {
  readonly axes: readonly number[]
  readonly outer: number
  readonly combiner?: Combiner
  readonly dtype?: DType
  /** Where the value of a point is read, by default in row-major order. */
  readonly from?: IndexData
  readonly to?: IndexData
  readonly program?: Program
  readonly input?: TypedArray
  readonly tolerance?: number
}

function scanTrial(parts: ScanParts): KernelTrial {
  const { axes, outer, combiner = 'sum', dtype = 'float32', input, tolerance = 0 } = parts
  const { from = rowMajor(axes), to = rowMajor(axes) } = parts
  const program = parts.program ?? [load(dtype, 0, from)]
  const size = sizeOf(axes)
  const label = `${combiner} of ${dtype} over [${axes.slice(outer)}] for [${axes.slice(0, outer)}]`
  const value = program.length - 1
  const walk = { label, axes, outer, program, value, index: to }
  const spec = { dtype, size }
  const whole = { ...walk, inputs: [spec], output: spec }
  const plan = walkPlan(whole, {
    kind: 'scan',
    ...sharedFields(whole),
    reduction: { combiner, value, dtype },
  })
  return { plan, tolerance, ...(input === undefined ? {} : { inputs: [input] }) }
}

const lengths = [1, 2, 3, 4, 5, 7, 8, 31, 64, 65, 300]
const combiners: readonly Combiner[] = ['sum', 'prod', 'max', 'min']

/** Products of these stay exact in every dtype: ones, minus ones and a few twos. */
function factors(dtype: DType, size: number): TypedArray {
  const values = createTypedArray<DType>(dtype, size)
  const [one, two] = [dtype === 'uint8' || dtype === 'bool' ? 1 : -1, dtype === 'bool' ? 1 : 2]
  for (let i = 0; i < size; i++) values[i] = i % 37 === 5 ? two : i % 3 === 0 ? one : 1
  return values
}

/** `[rows, length]` scanned along its rows, and `[length, columns]` along its columns. */
function bothWays(count: number, length: number, parts: Partial<ScanParts> = {}): KernelTrial[] {
  const index = affine([1, count])
  return [
    scanTrial({ axes: [count, length], outer: 1, ...parts }),
    scanTrial({ axes: [count, length], outer: 1, from: index, to: index, ...parts }),
  ]
}

const layouts: readonly CaseDefinition[] = [
  kernelCase('scan: rows and columns of any length', () =>
    lengths.flatMap((length) => [1, 3, 4, 37].flatMap((count) => bothWays(count, length))),
  ),
  kernelCase('scan: long rows and many short ones', () => [
    ...bothWays(2, 5000),
    ...bothWays(3000, 3),
  ]),
  kernelCase('scan: along any axis, or several', () => {
    const middle = affine([35, 1, 7])
    return [
      scanTrial({ axes: [3, 7, 5], outer: 2, from: middle, to: middle }),
      scanTrial({ axes: [3, 7, 5], outer: 1 }),
      scanTrial({ axes: [3, 7, 5], outer: 0 }),
      scanTrial({ axes: [4, 6, 5], outer: 1, from: affine([30, 1, 6]) }),
      scanTrial({ axes: [9, 11], outer: 1, to: affine([1, 9]) }),
    ]
  }),
  kernelCase('scan: backwards', () => [
    scanTrial({ axes: [5, 33], outer: 1, from: affine([33, -1], 32), to: affine([33, -1], 32) }),
    scanTrial({ axes: [6, 10], outer: 1, from: affine([1, -6], 54), to: affine([1, -6], 54) }),
  ]),
  kernelCase('scan: nothing, and rows of nothing', () => [
    scanTrial({ axes: [0, 5], outer: 1 }),
    scanTrial({ axes: [5, 0], outer: 1 }),
    scanTrial({ axes: [1], outer: 1 }),
    scanTrial({ axes: [], outer: 0 }),
  ]),
]

function exclusive(dtype: DType): Program {
  // What comes before a point: values are read one step behind, 0 at the first.
  const behind = affine([12, 1], -1)
  return [load(dtype, 0, behind, [{ index: affine([0, 1], -1), low: 0, high: 11 }])]
}

const values: readonly CaseDefinition[] = [
  kernelCase('scan: every combiner in every dtype', () =>
    (['float32', 'int32', 'uint8', 'bool'] as const).flatMap((dtype) =>
      combiners.flatMap((combiner) => {
        const input = combiner === 'prod' ? { input: factors(dtype, 4 * 45) } : {}
        return bothWays(4, 45, { combiner, dtype, ...input })
      }),
    ),
  ),
  kernelCase('scan: float64', () =>
    combiners.flatMap((combiner) => {
      const input = combiner === 'prod' ? { input: factors('float64', 5 * 40) } : {}
      return bothWays(5, 40, { combiner, dtype: 'float64', ...input })
    }),
  ),
  kernelCase('scan: integers wrap on the way', () => {
    const large = Int32Array.from({ length: 90 }, (_, i) => 2 ** 30 + i * 77_777)
    const bytes = Uint8Array.from({ length: 90 }, (_, i) => 100 + i)
    return (['sum', 'prod'] as const).flatMap((combiner) => [
      ...bothWays(3, 30, { combiner, dtype: 'int32', input: large }),
      ...bothWays(3, 30, { combiner, dtype: 'uint8', input: bytes }),
    ])
  }),
  kernelCase('scan: NaN and infinities stay from where they come in', () => {
    const infinity = Number.POSITIVE_INFINITY
    const input = Float32Array.from({ length: 60 }, (_, i) => (i % 7) - 3)
    input.set([Number.NaN], 8)
    input.set([infinity, 1, -infinity], 25)
    input.set([-infinity], 47)
    return combiners.flatMap((combiner) => bothWays(3, 20, { combiner, input }))
  }),
  kernelCase('scan: sums of fractions', () =>
    bothWays(3, 700, { input: fractions('float32', 2100), tolerance: 1e-5 }),
  ),
  kernelCase('scan: values of a program', () => [
    scanTrial({
      axes: [5, 12],
      outer: 1,
      program: [
        load('float32', 0, affine([12, 1])),
        constant('float32', 2),
        apply('float32', 'mul', 0, 1),
        load('float32', 0, affine([12, 0])),
        apply('float32', 'sub', 2, 3),
      ],
    }),
    scanTrial({ axes: [5, 12], outer: 1, program: exclusive('float32') }),
    scanTrial({ axes: [5, 12], outer: 1, program: exclusive('int32'), dtype: 'int32' }),
  ]),
]

/** Running totals. */
export const scanCases: readonly CaseDefinition[] = [...layouts, ...values]
