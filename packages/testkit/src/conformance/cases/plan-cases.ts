import type { ArraySpec, Kernel, Plan } from '@tensorweft/core'
import { mapKernel, planOf } from '../../plans/plan-of.ts'
import { affine, apply, constant, load } from '../../plans/steps.ts'
import type { CaseDefinition } from '../case.ts'
import { kernelCase } from './kernel-case.ts'

const array: ArraySpec = { dtype: 'float32', size: 300 }

/** `to[i] = from[i] · factor` on slots of the plan. */
function scale(from: number, to: number, factor: number): Kernel {
  const program = [
    load('float32', 0, affine([1])),
    constant('float32', factor),
    apply('float32', 'mul', 0, 1),
  ]
  const slots = from === to ? [from] : [from, to]
  const operands = slots.map((slot) => ({ slot, dtype: array.dtype }))
  return mapKernel(`times ${factor}`, [array.size], operands, program)
}

/** Two scratch arrays in one arena, one of them used twice. */
function arenaPlan(): Plan {
  return planOf({
    inputs: [array],
    outputs: [array, array],
    arena: [
      { ...array, byteOffset: 0 },
      { ...array, byteOffset: 1280 },
    ],
    arenaByteLength: 2560,
    kernels: [scale(0, 3, 2), scale(3, 4, 3), scale(4, 1, 1), scale(4, 3, 5), scale(3, 2, 1)],
  })
}

/** Plans of several kernels. */
export const planCases: readonly CaseDefinition[] = [
  kernelCase('plan: kernels run in order on arrays of an arena', () => [{ plan: arenaPlan() }]),
  kernelCase('plan: an output is written in place of an input', () => [
    {
      plan: planOf({
        inputs: [array],
        outputs: [{ ...array, donated: 0 }],
        kernels: [scale(0, 0, 3)],
      }),
    },
  ]),
  kernelCase('plan: no kernels', () => [
    { plan: planOf({ inputs: [array], outputs: [], kernels: [] }) },
  ]),
]
