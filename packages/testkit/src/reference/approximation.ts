import { type DType, type Shape, sizeOf } from '@tensorweft/core'

/**
 * What a tensor should hold: each element within `radii` of `values`, row-major. The radius is what
 * rounding may do to a computation in the tensor's dtype; 0 where the value is exact (then NaN and
 * infinities must be met too), ∞ where nothing can be said, such as the quotient of two numbers
 * that cancellation has left without a correct bit.
 */
export interface Approximation {
  readonly shape: Shape
  readonly dtype: DType
  readonly values: Float64Array
  readonly radii: Float64Array
}

/** An approximation that is all zeros, to be filled. */
export function emptyApproximation(shape: Shape, dtype: DType): Approximation {
  const size = sizeOf(shape)
  return { shape, dtype, values: new Float64Array(size), radii: new Float64Array(size) }
}

/** Exact values. */
export function exactly(shape: Shape, dtype: DType, values: ArrayLike<number>): Approximation {
  return {
    shape,
    dtype,
    values: Float64Array.from(values),
    radii: new Float64Array(values.length),
  }
}
