import type { DType } from '../dtype.ts'
import { ShapeError } from '../errors.ts'
import type { Tensor } from '../graph/tensor.ts'
import { formatShape } from '../shape.ts'
import { add } from './add.ts'
import { checkIntegers } from './check-numbers.ts'
import { checkTensor } from './check-tensor.ts'
import { greaterEqual, lessEqual } from './compare.ts'
import { indices } from './indices.ts'
import { where } from './where.ts'

/**
 * The lower triangles of matrices `x [..., rows, columns]`: what lies above diagonal `k` is 0.
 * Diagonal 0 begins in the corner, positive ones lie above it. Any dtype.
 *
 * @throws ShapeError for less than two axes, ArgumentError unless `k` is an integer.
 * @example
 * ```ts
 * await tril(ones([3, 3])).array() // [[1, 0, 0], [1, 1, 0], [1, 1, 1]]
 * ```
 */
export function tril<D extends DType>(x: Tensor<D>, k = 0): Tensor<D> {
  const { row, column } = positions('tril', x, k)
  return where(lessEqual(column, add(row, k)), x, 0)
}

/** The upper triangles of matrices: what lies below diagonal `k` is 0. See `tril`. */
export function triu<D extends DType>(x: Tensor<D>, k = 0): Tensor<D> {
  const { row, column } = positions('triu', x, k)
  return where(greaterEqual(column, add(row, k)), x, 0)
}

/** Row and column of each element of a matrix. */
function positions(op: string, x: Tensor<DType>, k: number) {
  if (checkTensor(op, 'x', x).rank < 2) {
    throw new ShapeError(op, { got: `x is ${formatShape(x.shape)}`, wanted: 'at least two axes' })
  }
  checkIntegers(op, 'k', k, 'the number of a diagonal, an integer', Number.MIN_SAFE_INTEGER)
  const matrix = x.shape.slice(-2)
  return { row: indices(matrix, 0), column: indices(matrix, 1) }
}
