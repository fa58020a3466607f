import type { ArraySpec, Combiner, DType, Kernel, Plan, Stage, TypedArray } from '@tensorweft/core'
import { operandsOf, planOf } from '../../plans/plan-of.ts'
import { affine, apply, constant, load } from '../../plans/steps.ts'
import type { CaseDefinition } from '../case.ts'
import { integerData } from '../data.ts'
import { fractions, kernelCase } from './kernel-case.ts'

const combiners: readonly Combiner[] = ['sum', 'prod', 'max', 'min']
const lengths = [1, 2, 3, 7, 31, 128, 4097, 70001]

/** Combines the middle of three axes: `out[i, k] = combine over j of in[i, j, k]`. */
function reducePlan(combiner: Combiner, dtype: DType, [before, n, after]: number[]): Plan {
  const [outer = 1, length = 1, inner = 1] = [before, n, after]
  const input = { dtype, size: outer * length * inner }
  const output = { dtype, size: outer * inner }
  const stages: Stage[] = [
    {
      over: 'all',
      program: [load(dtype, 0, affine([length * inner, 1, inner]))],
      reductions: [{ combiner, value: 0, dtype }],
      stores: [],
    },
    {
      over: 'outer',
      program: [{ op: 'reduced', dtype, reduction: 0 }],
      reductions: [],
      stores: [{ value: 0, operand: 1, index: affine([inner, 1]) }],
    },
  ]
  const label = `${combiner} of ${dtype} [${outer}, ${length}, ${inner}]`
  return planOf({
    inputs: [input],
    outputs: [output],
    kernels: [reduceKernel(label, [outer, inner, length], 2, [input, output], stages)],
  })
}

function reduceKernel(
  label: string,
  axes: readonly number[],
  outer: number,
  arrays: readonly ArraySpec[],
  stages: readonly Stage[],
): Kernel {
  const kind =
    stages.length > 2 || stages.some(({ stores, over }) => over === 'all' && stores.length > 0)
      ? 'row'
      : 'reduce'
  return { kind, label, axes, outer, operands: operandsOf(...arrays), stages }
}

const bySpace: readonly CaseDefinition[] = combiners.flatMap((combiner) =>
  (['float32', 'float64', 'int32', 'uint8', 'bool'] as const).map((dtype) =>
    kernelCase(`reduce: ${combiner} of ${dtype} over any length`, () => [
      ...lengths.map((length) => ({
        plan: reducePlan(combiner, dtype, [1, length, 1]),
        inputs: [gentle(combiner, dtype, length)],
      })),
      ...[
        [5, 3, 1],
        [3, 33, 2],
        [1, 9, 70],
        [64, 1, 5],
        [2, 257, 3],
      ].map((sizes) => ({
        plan: reducePlan(combiner, dtype, sizes),
        inputs: [
          gentle(
            combiner,
            dtype,
            sizes.reduce((n, size) => n * size, 1),
          ),
        ],
      })),
    ]),
  ),
)

/** Integers whose product stays exact: ±1, with a 2 here and there. */
function gentle(combiner: Combiner, dtype: DType, size: number): TypedArray {
  const values = integerData(dtype, size)
  if (combiner !== 'prod') return values
  const isUnsigned = dtype === 'uint8' || dtype === 'bool'
  return values.map((value, i) => {
    if (i % 5003 === 1) return dtype === 'bool' ? 0 : 2
    return isUnsigned ? 1 : value < 0 ? -1 : 1
  })
}

const special: readonly CaseDefinition[] = [
  kernelCase('reduce: sums of bools do not wrap', () =>
    [256, 512, 1536, 65_536].map((length) => ({
      plan: reducePlan('sum', 'bool', [1, length, 1]),
      inputs: [new Uint8Array(length).fill(1)],
    })),
  ),
  kernelCase('reduce: max and min give NaN if there is one, wherever it is', () =>
    (['max', 'min'] as const).flatMap((combiner) =>
      [0, 1, 31, 32, 63, 99].map((at) => {
        const values = new Float32Array(100).map((_, i) => (i % 7) - 3)
        values[at] = Number.NaN
        return { plan: reducePlan(combiner, 'float32', [1, 100, 1]), inputs: [values] }
      }),
    ),
  ),
  kernelCase('reduce: infinities', () =>
    combiners.map((combiner) => {
      const values = new Float32Array(50).fill(1)
      values[17] = Number.NEGATIVE_INFINITY
      return { plan: reducePlan(combiner, 'float32', [1, 50, 1]), inputs: [values] }
    }),
  ),
  kernelCase('reduce: all −∞ is −∞', () => [
    {
      plan: reducePlan('max', 'float32', [2, 40, 1]),
      inputs: [new Float32Array(80).fill(Number.NEGATIVE_INFINITY)],
    },
  ]),
  kernelCase('reduce: sums of fractions lose no more than rounding does', () =>
    lengths.map((length) => ({
      plan: reducePlan('sum', 'float32', [2, length, 2]),
      inputs: [fractions('float32', 4 * length).map((x) => x + 1)],
      tolerance: 1e-5,
    })),
  ),
]

const float32 = (size: number): ArraySpec => ({ dtype: 'float32', size })

const fused: readonly CaseDefinition[] = [
  kernelCase('reduce: producers and an epilogue', () => {
    const [rows, columns] = [9, 130]
    const arrays = [float32(rows * columns), float32(columns), float32(rows), float32(rows)]
    const stages: Stage[] = [
      {
        over: 'all',
        program: [
          load('float32', 0, affine([columns, 1])),
          load('float32', 1, affine([0, 1])),
          apply('float32', 'mul', 0, 1),
        ],
        reductions: [{ combiner: 'sum', value: 2, dtype: 'float32' }],
        stores: [],
      },
      {
        over: 'outer',
        program: [
          { op: 'reduced', dtype: 'float32', reduction: 0 },
          load('float32', 2, affine([1])),
          apply('float32', 'add', 0, 1),
          constant('float32', 0),
          apply('float32', 'max', 2, 3),
        ],
        reductions: [],
        stores: [{ value: 4, operand: 3, index: affine([1]) }],
      },
    ]
    const kernel = reduceKernel('matrix times vector', [rows, columns], 1, arrays, stages)
    return [
      { plan: planOf({ inputs: arrays.slice(0, 3), outputs: [float32(rows)], kernels: [kernel] }) },
    ]
  }),
  kernelCase('reduce: several reductions of different kinds at once, over several axes', () => {
    const arrays = [
      float32(4 * 6 * 5),
      float32(4),
      float32(4),
      { dtype: 'int32', size: 4 } as const,
    ]
    const stages: Stage[] = [
      {
        over: 'all',
        program: [
          load('float32', 0, affine([30, 1, 6])),
          apply('float32', 'mul', 0, 0),
          { op: 'index', dtype: 'int32', index: affine([0, 1, 6]) },
          constant('float32', 2),
          apply('bool', 'lt', 0, 3),
          constant('int32', 999),
          apply('int32', 'where', 4, 5, 2),
        ],
        reductions: [
          { combiner: 'sum', value: 1, dtype: 'float32' },
          { combiner: 'max', value: 0, dtype: 'float32' },
          { combiner: 'min', value: 6, dtype: 'int32' },
        ],
        stores: [],
      },
      {
        over: 'outer',
        program: [0, 1, 2].map((reduction) => ({
          op: 'reduced' as const,
          dtype: reduction === 2 ? ('int32' as const) : ('float32' as const),
          reduction,
        })),
        reductions: [],
        stores: [0, 1, 2].map((value) => ({ value, operand: value + 1, index: affine([1]) })),
      },
    ]
    const kernel = reduceKernel('statistics', [4, 6, 5], 1, arrays, stages)
    return [
      { plan: planOf({ inputs: arrays.slice(0, 1), outputs: arrays.slice(1), kernels: [kernel] }) },
    ]
  }),
  kernelCase('reduce: nothing but reduced axes', () => [
    { plan: reducePlan('sum', 'float32', [1, 1, 1]) },
    { plan: reducePlan('max', 'int32', [1, 1000, 1]) },
  ]),
]

/** Loop nests that combine elements. */
export const reduceCases: readonly CaseDefinition[] = [...bySpace, ...special, ...fused]
