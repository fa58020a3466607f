import type { DType } from '../dtype.ts'
import type { Tensor } from '../graph/tensor.ts'
import { cast } from '../ops/cast.ts'
import { checkKnownDType } from '../ops/check-dtype.ts'
import { equal } from '../ops/compare.ts'
import { indices } from '../ops/indices.ts'
import { checkShape } from '../shape.ts'

/**
 * A matrix `[rows, columns]` with ones on its diagonal and zeros elsewhere; square by default.
 *
 * @throws ShapeError for sizes that are no non-negative integers.
 * @example
 * ```ts
 * await eye(2).array() // [[1, 0], [0, 1]]
 * ```
 */
export function eye<D extends DType = 'float32'>(
  rows: number,
  columns = rows,
  dtype: D = 'float32' as D,
): Tensor<D> {
  const shape = [rows, columns]
  checkShape('eye', shape)
  checkKnownDType('eye', dtype)
  return cast(equal(indices(shape, 0), indices(shape, 1)), dtype)
}
