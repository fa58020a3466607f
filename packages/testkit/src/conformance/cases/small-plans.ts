import type { Plan } from '@tensorweft/core'
import { affine, apply, constant, load, operandsOf, planOf } from '../plans.ts'

/** `out[i] = in[i] + 1` for `size` float32. */
export function addOnePlan(size: number): Plan {
  const array = { dtype: 'float32', size } as const
  return planOf({
    inputs: [array],
    outputs: [array],
    kernels: [
      {
        kind: 'map',
        label: 'add one',
        axes: [size],
        outer: 1,
        operands: operandsOf(array, array),
        stages: [
          {
            over: 'outer',
            program: [
              load('float32', 0, affine([1])),
              constant('float32', 1),
              apply('float32', 'add', 0, 1),
            ],
            reductions: [],
            stores: [{ value: 2, operand: 1, index: affine([1]) }],
          },
        ],
      },
    ],
  })
}
