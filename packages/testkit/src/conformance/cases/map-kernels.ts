import type { ArraySpec, DType, IndexData, Plan, RangeData, Step } from '@tensorweft/core'
import { operandsOf, planOf } from '../../plans/plan-of.ts'
import { affine, apply, constant, load } from '../../plans/steps.ts'
import type { CaseDefinition } from '../case.ts'
import { kernelCase } from './kernel-case.ts'

interface MapParts {
  readonly axes: readonly number[]
  readonly inputs: readonly ArraySpec[]
  readonly outputs: readonly ArraySpec[]
  readonly program: readonly Step[]
  /** Per output: the step that is stored, and where. */
  readonly stores: readonly (readonly [value: number, index: IndexData])[]
  readonly scalars?: readonly DType[]
}

function mapPlan(label: string, parts: MapParts): Plan {
  const { axes, inputs, outputs, program, scalars = [] } = parts
  const stores = parts.stores.map(([value, index], output) => ({
    value,
    operand: inputs.length + output,
    index,
  }))
  const operands = operandsOf(...inputs, ...outputs)
  const stages = [{ over: 'outer' as const, program, reductions: [], stores }]
  const kernel = { kind: 'map' as const, label, axes, outer: axes.length, operands, stages }
  return planOf({ inputs, outputs, scalars, kernels: [kernel] })
}

const float32 = (size: number): ArraySpec => ({ dtype: 'float32', size })

/** `out[i, j, …] = in[index]` over `axes`. */
function copyPlan(
  label: string,
  dtype: DType,
  axes: readonly number[],
  inputSize: number,
  index: IndexData,
  within: readonly RangeData[] = [],
): Plan {
  const strides = axes.map((_, axis) => axes.slice(axis + 1).reduce((n, size) => n * size, 1))
  const size = axes.reduce((n, extent) => n * extent, 1)
  return mapPlan(label, {
    axes,
    inputs: [{ dtype, size: inputSize }],
    outputs: [{ dtype, size }],
    program: [load(dtype, 0, index, within)],
    stores: [[0, affine(strides)]],
  })
}

const everyDType: readonly DType[] = ['float32', 'int32', 'uint8', 'bool']
const oddSizes = [1, 2, 3, 5, 31, 64, 257, 4099]

const views: readonly CaseDefinition[] = [
  kernelCase('map copies any size of any dtype', () =>
    everyDType.flatMap((dtype) =>
      oddSizes.map((n) => ({ plan: copyPlan(`${n} ${dtype}`, dtype, [n], n, affine([1])) })),
    ),
  ),
  kernelCase('map copies float64', () =>
    oddSizes.map((n) => ({ plan: copyPlan(`${n} float64`, 'float64', [n], n, affine([1])) })),
  ),
  kernelCase('map reads transposed, backwards, repeated and with steps', () => [
    { plan: copyPlan('transpose', 'float32', [33, 17], 33 * 17, affine([1, 33])) },
    { plan: copyPlan('transpose bytes', 'uint8', [33, 17], 33 * 17, affine([1, 33])) },
    { plan: copyPlan('three axes', 'float32', [3, 5, 7], 105, affine([1, 21, 3])) },
    { plan: copyPlan('backwards', 'float32', [70], 70, affine([-1], 69)) },
    { plan: copyPlan('rows backwards', 'float32', [5, 9], 45, affine([-9, 1], 36)) },
    { plan: copyPlan('repeat rows', 'float32', [4, 9], 9, affine([0, 1])) },
    { plan: copyPlan('repeat elements', 'float32', [9, 4], 9, affine([1, 0])) },
    { plan: copyPlan('one for all', 'float32', [37], 1, affine([0])) },
    { plan: copyPlan('every third', 'float32', [12], 36, affine([3], 1)) },
    { plan: copyPlan('every third byte', 'bool', [12], 36, affine([3], 1)) },
    { plan: copyPlan('diagonals', 'float32', [6, 5], 10, affine([1, 1])) },
    { plan: copyPlan('six axes', 'float32', [2, 3, 1, 2, 3, 2], 72, affine([36, 2, 0, 18, 6, 1])) },
    { plan: copyPlan('no axes', 'float32', [], 3, affine([], 2)) },
  ]),
  kernelCase('map reads digits: floor and remainder of an index', () => {
    const digit = (divisor: number, modulus: number, coefficient: number, shift = 0) => ({
      of: affine([1], shift),
      divisor,
      modulus,
      coefficient,
    })
    const nested = { of: affine([0], 0, [digit(2, 0, 1)]), divisor: 3, modulus: 4, coefficient: 1 }
    const plan = (label: string, start: number, ...digits: (typeof nested)[]) =>
      copyPlan(label, 'float32', [24], 24, affine([0], start, digits))
    return [
      { plan: plan('quotient', 0, digit(4, 0, 1)) },
      { plan: plan('remainder', 0, digit(1, 5, 2)) },
      { plan: plan('transposed', 0, digit(1, 4, 6), digit(4, 6, 1)) },
      { plan: plan('digit of a digit', 0, nested) },
      { plan: plan('floor below zero', 2, digit(5, 0, 1, -10)) },
      { plan: plan('remainder below zero', 0, digit(3, 7, 1, -11)) },
    ]
  }),
]

const guards: readonly CaseDefinition[] = [
  kernelCase('map gives 0 where a load is guarded, and touches nothing there', () => {
    const inner = { index: affine([1], -3), low: 0, high: 10 }
    const row = { index: affine([1, 0], -1), low: 0, high: 4 }
    const column = { index: affine([0, 1], -2), low: 0, high: 5 }
    return [
      { plan: copyPlan('padded', 'float32', [16], 10, affine([1], -3), [inner]) },
      { plan: copyPlan('padded bytes', 'uint8', [16], 10, affine([1], -3), [inner]) },
      { plan: copyPlan('image', 'float32', [7, 9], 20, affine([5, 1], -7), [row, column]) },
      {
        plan: copyPlan('every second', 'float32', [21], 10, affine([0], 0, [half(1)]), [
          { index: affine([0], 0, [{ ...half(1), divisor: 1, modulus: 2 }]), low: 0, high: 1 },
          { index: affine([1]), low: 0, high: 20 },
        ]),
      },
      {
        plan: copyPlan('never', 'float32', [5], 1, affine([1], 100), [
          { index: affine([1]), low: 7, high: 9 },
        ]),
      },
    ]
  }),
  kernelCase('map knows its index and what is inside', () => [
    {
      plan: mapPlan('index', {
        axes: [5, 7],
        inputs: [],
        outputs: [
          { dtype: 'int32', size: 35 },
          { dtype: 'bool', size: 35 },
        ],
        program: [
          { op: 'index', dtype: 'int32', index: affine([10, -1], -3) },
          { op: 'inside', dtype: 'bool', within: [{ index: affine([2, 1]), low: 3, high: 11 }] },
        ],
        stores: [
          [0, affine([7, 1])],
          [1, affine([7, 1])],
        ],
      }),
    },
  ]),
]

function half(coefficient: number) {
  return { of: affine([1]), divisor: 2, modulus: 0, coefficient }
}

const programs: readonly CaseDefinition[] = [
  kernelCase('map takes numbers that are given with the run', () => [
    {
      scalars: [2.5, -3, 7],
      plan: mapPlan('scalars', {
        axes: [10],
        inputs: [float32(10), { dtype: 'int32', size: 10 }],
        outputs: [float32(10), { dtype: 'int32', size: 10 }],
        scalars: ['float32', 'float32', 'int32'],
        program: [
          load('float32', 0, affine([1])),
          { op: 'scalar', dtype: 'float32', scalar: 0 },
          { op: 'scalar', dtype: 'float32', scalar: 1 },
          apply('float32', 'mul', 0, 1),
          apply('float32', 'add', 3, 2),
          load('int32', 1, affine([1])),
          { op: 'scalar', dtype: 'int32', scalar: 2 },
          apply('int32', 'mul', 5, 6),
        ],
        stores: [
          [4, affine([1])],
          [7, affine([1])],
        ],
      }),
    },
  ]),
  kernelCase('map has several outputs, of several dtypes and in several orders', () => [
    {
      plan: mapPlan('outputs', {
        axes: [6, 11],
        inputs: [float32(66), float32(11)],
        outputs: [
          float32(66),
          float32(66),
          { dtype: 'int32', size: 66 },
          { dtype: 'bool', size: 66 },
        ],
        program: [
          load('float32', 0, affine([11, 1])),
          load('float32', 1, affine([0, 1])),
          apply('float32', 'add', 0, 1),
          apply('float32', 'mul', 2, 0),
          apply('int32', 'cast', 3),
          apply('bool', 'lt', 0, 1),
        ],
        stores: [
          [2, affine([11, 1])],
          [3, affine([1, 6])],
          [4, affine([11, 1])],
          [5, affine([1, 6])],
        ],
      }),
    },
  ]),
  kernelCase('map reads one array in several places', () => [
    {
      plan: mapPlan('stencil', {
        axes: [50],
        inputs: [float32(50)],
        outputs: [float32(50)],
        program: [
          load('float32', 0, affine([1])),
          load('float32', 0, affine([1], -1), [{ index: affine([1], -1), low: 0, high: 50 }]),
          load('float32', 0, affine([1], 1), [{ index: affine([1], 1), low: 0, high: 50 }]),
          constant('float32', -2),
          apply('float32', 'mul', 0, 3),
          apply('float32', 'add', 1, 2),
          apply('float32', 'add', 4, 5),
        ],
        stores: [[6, affine([1])]],
      }),
    },
  ]),
  kernelCase('map runs long programs', () => {
    const program: Step[] = [load('float32', 0, affine([1])), constant('float32', 3)]
    for (let i = 0; i < 60; i++) {
      program.push(apply('float32', i % 3 === 0 ? 'max' : 'sub', program.length - 1, i % 2))
    }
    const [inputs, outputs] = [[float32(100)], [float32(100)]]
    const stores = [[program.length - 1, affine([1])]] as const
    return [{ plan: mapPlan('long', { axes: [100], inputs, outputs, program, stores }) }]
  }),
]

/** Loop nests without reductions. */
export const mapCases: readonly CaseDefinition[] = [...views, ...guards, ...programs]
