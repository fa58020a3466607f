import type { DType } from '../dtype.ts'
import type { Tensor } from '../graph/tensor.ts'
import type { TensorsLike } from '../tree.ts'
import { gradients } from './gradients.ts'

/**
 * The function that gives the gradient of `f` by its argument, a tensor or a tree of tensors.
 *
 * @example
 * ```ts
 * import { grad, type Tensor, tensor } from '@tensorweft/core'
 *
 * const slope = grad((x: Tensor) => x.square().sum())
 * const curvature = grad((x: Tensor) => slope(x).square().sum())
 * const both = [slope(tensor([3])), curvature(tensor([3]))]
 * ```
 */
export function grad<T>(f: (xs: T) => Tensor<DType>): (xs: T) => TensorsLike<T> {
  return (xs) => gradients(f(xs), xs)
}

/** As `grad`, with the value of `f` in front. */
export function valueAndGrad<T, Y extends Tensor<DType>>(
  f: (xs: T) => Y,
): (xs: T) => [value: Y, gradient: TensorsLike<T>] {
  return (xs) => {
    const value = f(xs)
    return [value, gradients(value, xs)]
  }
}
