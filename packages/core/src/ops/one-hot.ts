import type { DType } from '../dtype.ts'
import type { Tensor } from '../graph/tensor.ts'
import { cast } from './cast.ts'
import { checkKnownDType, checkTyped, isInt32 } from './check-dtype.ts'
import { checkIntegers } from './check-numbers.ts'
import { equal } from './compare.ts'
import { indices } from './indices.ts'
import { expandDims } from './reshape.ts'

/**
 * Rows that are 1 at the position that `labels` names and 0 elsewhere: `labels` int32 [...] gives
 * [..., depth]. A label outside 0 … depth − 1 gives a row of zeros.
 */
export function oneHot<D extends DType = 'float32'>(
  labels: Tensor<'int32'>,
  depth: number,
  dtype: D = 'float32' as D,
): Tensor<D> {
  checkTyped('oneHot', 'labels', labels, isInt32)
  checkIntegers('oneHot', 'depth', depth, 'a non-negative integer')
  checkKnownDType('oneHot', dtype)
  const classes = indices([...labels.shape, depth], labels.rank)
  return cast(equal(classes, expandDims(labels, -1)), dtype)
}
