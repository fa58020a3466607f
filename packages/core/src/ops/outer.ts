import type { DType } from '../dtype.ts'
import { ShapeError } from '../errors.ts'
import type { Tensor } from '../graph/tensor.ts'
import { formatShape } from '../shape.ts'
import { mul } from './mul.ts'
import { checkFactors } from './number.ts'
import { expandDims } from './reshape.ts'
import { sum } from './sum.ts'

/**
 * Products of all pairs of elements: `a [m]` and `b [n]` → `[m, n]`.
 *
 * @throws ShapeError unless both are vectors, DTypeError unless both are of one dtype, a float or
 * int32.
 * @example
 * ```ts
 * await outer(tensor([1, 2]), tensor([3, 4, 5])).array() // [[3, 4, 5], [6, 8, 10]]
 * ```
 */
export function outer<D extends DType>(a: Tensor<D>, b: Tensor<NoInfer<D>>): Tensor<D> {
  checkVectors('outer', a, b)
  return mul(expandDims(a, 1), expandDims(b, 0))
}

/**
 * Inner product `Σ a · b` of two vectors `[n]`: a scalar.
 *
 * @throws ShapeError unless both are vectors of one size, DTypeError unless both are of one dtype, a
 * float or int32.
 * @example
 * ```ts
 * await dot(tensor([1, 2]), tensor([3, 4])).item() // 11
 * ```
 */
export function dot<D extends DType>(a: Tensor<D>, b: Tensor<NoInfer<D>>): Tensor<D>
export function dot(a: Tensor<DType>, b: Tensor<DType>): Tensor<DType> {
  checkVectors('dot', a, b)
  if (a.size !== b.size) {
    throw new ShapeError('dot', {
      got: `a is ${formatShape(a.shape)} and b is ${formatShape(b.shape)}`,
      wanted: 'vectors of one size',
    })
  }
  return sum(mul(a, b))
}

function checkVectors(op: string, a: Tensor<DType>, b: Tensor<DType>): void {
  checkFactors(op, a, b)
  if (a.rank === 1 && b.rank === 1) return
  throw new ShapeError(op, {
    got: `a is ${formatShape(a.shape)} and b is ${formatShape(b.shape)}`,
    wanted: 'two vectors',
    hint: 'see matmul and einsum for more axes',
  })
}
