import type { FloatDType } from '../dtype.ts'
import type { Tensor } from '../graph/tensor.ts'
import { equal } from './compare.ts'
import { sqrt } from './sqrt.ts'
import { where } from './where.ts'

/** `√x` with the gradient 0 at 0, where that of the root is infinite. */
export function safeSqrt<D extends FloatDType>(x: Tensor<D>): Tensor<D> {
  const isZero = equal(x, 0)
  return where(isZero, 0, sqrt(where(isZero, 1, x)))
}
