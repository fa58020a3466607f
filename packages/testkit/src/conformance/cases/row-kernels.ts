import type { ArraySpec, Plan, Stage, Step } from '@tensorweft/core'
import { operandsOf, planOf } from '../../plans/plan-of.ts'
import { affine, apply, constant, load } from '../../plans/steps.ts'
import type { CaseDefinition } from '../case.ts'
import { fractions, kernelCase } from './kernel-case.ts'

const float32 = (size: number): ArraySpec => ({ dtype: 'float32', size })
const reduced = (reduction: number): Step => ({ op: 'reduced', dtype: 'float32', reduction })

/** `x − max`, its sum, and the quotient: softmax without the exponential, so that it is exact. */
function rowPlan(rows: number, columns: number): Plan {
  const size = rows * columns
  const arrays = [float32(size), float32(size), float32(rows), float32(size)]
  const x = load('float32', 0, affine([columns, 1]))
  const shifted: Step[] = [x, reduced(0), apply('float32', 'sub', 0, 1)]
  const stages: Stage[] = [
    {
      over: 'all',
      program: [x],
      reductions: [{ combiner: 'max', value: 0, dtype: 'float32' }],
      stores: [],
    },
    {
      over: 'all',
      program: shifted,
      reductions: [
        { combiner: 'sum', value: 2, dtype: 'float32' },
        { combiner: 'min', value: 2, dtype: 'float32' },
      ],
      stores: [{ value: 2, operand: 1, index: affine([columns, 1]) }],
    },
    {
      over: 'outer',
      program: [reduced(1), reduced(0), apply('float32', 'add', 0, 1)],
      reductions: [],
      stores: [{ value: 2, operand: 2, index: affine([1]) }],
    },
    {
      over: 'all',
      program: [
        ...shifted,
        reduced(1),
        reduced(2),
        apply('float32', 'mul', 2, 4),
        apply('float32', 'add', 5, 3),
      ],
      reductions: [],
      stores: [{ value: 6, operand: 3, index: affine([columns, 1]) }],
    },
  ]
  return planOf({
    inputs: arrays.slice(0, 1),
    outputs: arrays.slice(1),
    kernels: [
      {
        kind: 'row',
        label: `rows of ${columns}`,
        axes: [rows, columns],
        outer: 1,
        operands: operandsOf(...arrays),
        stages,
      },
    ],
  })
}

/** Mean and variance in two passes over columns of a matrix, then the normalised values. */
function normalizePlan(rows: number, columns: number): Plan {
  const size = rows * columns
  const arrays = [float32(size), float32(size)]
  // Columns are reduced: the walk along a row of the kernel strides through memory.
  const at = affine([1, columns])
  const x = load('float32', 0, at)
  const mean: Step[] = [reduced(0), constant('float32', 1 / rows), apply('float32', 'mul', 0, 1)]
  const centred: Step[] = [...mean, x, apply('float32', 'sub', 3, 2)]
  const stages: Stage[] = [
    {
      over: 'all',
      program: [x],
      reductions: [{ combiner: 'sum', value: 0, dtype: 'float32' }],
      stores: [],
    },
    {
      over: 'all',
      program: [...centred, apply('float32', 'mul', 4, 4)],
      reductions: [{ combiner: 'sum', value: 5, dtype: 'float32' }],
      stores: [],
    },
    {
      over: 'all',
      program: [...centred, reduced(1), apply('float32', 'sqrt', 5), apply('float32', 'div', 4, 6)],
      reductions: [],
      stores: [{ value: 7, operand: 1, index: at }],
    },
  ]
  return planOf({
    inputs: arrays.slice(0, 1),
    outputs: arrays.slice(1),
    kernels: [
      {
        kind: 'row',
        label: `columns of ${rows}`,
        axes: [columns, rows],
        outer: 1,
        operands: operandsOf(...arrays),
        stages,
      },
    ],
  })
}

/** Several reductions over one row with maps between. */
export const rowCases: readonly CaseDefinition[] = [
  kernelCase('row: maps between reductions read what those gave', () =>
    [1, 2, 3, 31, 33, 256, 1025, 5000].map((columns) => ({ plan: rowPlan(3, columns) })),
  ),
  kernelCase('row: many short rows', () => [{ plan: rowPlan(700, 3) }, { plan: rowPlan(65, 10) }]),
  kernelCase('row: rows that lie across memory', () =>
    [2, 17, 130].map((rows) => ({
      plan: normalizePlan(rows, 9),
      inputs: [fractions('float32', rows * 9)],
      tolerance: 1e-5,
    })),
  ),
]
