import type { DType } from '../dtype.ts'
import type { Tensor } from '../graph/tensor.ts'
import { normalizeAxis } from '../shape.ts'
import { equal, notEqual } from './compare.ts'
import { indices } from './indices.ts'
import { logicalOr } from './logical.ts'
import { max, min } from './max.ts'
import { where } from './where.ts'

/**
 * Position of the greatest element along `axis`, the first of equal ones, the first NaN if there is
 * one: int32 without that axis.
 *
 * @throws ShapeError for a wrong or an empty axis.
 */
export function argMax<D extends DType>(x: Tensor<D>, axis = -1): Tensor<'int32'> {
  const along = normalizeAxis('argMax', axis, x.rank)
  const isFirstChoice = logicalOr(equal(x, max(x, along, { keepDims: true })), notEqual(x, x))
  const position = indices(x.shape, along)
  return min(where(isFirstChoice, position, x.shape[along] ?? 0), along)
}
