import type { Tensor } from '../graph/tensor.ts'
import { checkShape, normalizeAxis, type Shape } from '../shape.ts'
import { defineOp } from './define-op.ts'
import { checkFits } from './number.ts'

const indicesOp = defineOp<never, { shape: Shape; axis: number }>({
  name: 'indices',
  infer: (_, { shape }) => ({ shape, dtype: 'int32' }),
  lower: (_, { scalar, at, attributes }) => {
    const index = at[attributes.axis]
    return index === undefined ? scalar.constant('int32', 0) : scalar.index(index)
  },
})

/**
 * The position of each element along `axis`: int32 of the given shape.
 *
 * @throws ShapeError for what is no shape or has no such axis, ArgumentError for an axis whose
 * positions int32 does not hold.
 */
export function indices(shape: Shape, axis: number): Tensor<'int32'> {
  checkShape('indices', shape)
  const along = normalizeAxis('indices', axis, shape.length)
  checkFits('indices', 'the last position', (shape[along] ?? 1) - 1, 'int32')
  return indicesOp.apply({}, { shape: [...shape], axis: along })
}
