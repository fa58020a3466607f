import type { Plan } from '@tensorweft/core'
import { mapKernel, operandsOf, planOf } from '../../plans/plan-of.ts'
import { affine, apply, constant, load } from '../../plans/steps.ts'

/** `out[i] = in[i] + 1` for `size` float32. */
export function addOnePlan(size: number): Plan {
  const array = { dtype: 'float32', size } as const
  const program = [
    load('float32', 0, affine([1])),
    constant('float32', 1),
    apply('float32', 'add', 0, 1),
  ]
  const kernel = mapKernel('add one', [size], operandsOf(array, array), program)
  return planOf({ inputs: [array], outputs: [array], kernels: [kernel] })
}
