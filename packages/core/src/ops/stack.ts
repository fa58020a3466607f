import type { DType } from '../dtype.ts'
import { ShapeError } from '../errors.ts'
import type { Tensor } from '../graph/tensor.ts'
import { formatShape, normalizeAxis, sameShape } from '../shape.ts'
import { checkParts, concat } from './concat.ts'
import { expandDims } from './reshape.ts'

/**
 * Tensors of one shape side by side along a new axis, which is number `axis` of the result.
 *
 * @throws ArgumentError for no tensors, DTypeError for several dtypes, ShapeError for several
 * shapes or an axis that the result does not have.
 * @example
 * ```ts
 * const pairs = stack([tensor([1, 2, 3]), tensor([4, 5, 6])], 1)
 * await pairs.array() // [[1, 4], [2, 5], [3, 6]]
 * ```
 */
export function stack<D extends DType>(tensors: readonly Tensor<D>[], axis = 0): Tensor<D> {
  const parts = checkParts('stack', tensors)
  const [first] = parts
  const along = normalizeAxis('stack', axis, first.rank + 1)
  const wrong = parts.findIndex(({ shape }) => !sameShape(shape, first.shape))
  if (wrong >= 0) {
    throw new ShapeError('stack', {
      got: `tensors[0] is ${formatShape(first.shape)} and tensors[${wrong}] is ${formatShape(parts[wrong]?.shape ?? [])}`,
      wanted: 'tensors of one shape',
      hint: 'concat joins along an axis that is there',
    })
  }
  return concat(
    parts.map((part) => expandDims(part, along)),
    along,
  )
}
