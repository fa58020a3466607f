import type { FloatDType } from '../dtype.ts'
import { ShapeError } from '../errors.ts'
import type { Tensor } from '../graph/tensor.ts'
import { formatShape, normalizeAxis } from '../shape.ts'
import { checkFloat } from './log-sum-exp.ts'
import { mul } from './mul.ts'
import { sigmoid } from './sigmoid.ts'
import { split } from './split.ts'

/**
 * Gated linear unit: `a · sigmoid(b)` for the halves a and b of `x` along `axis`. Dauphin, Fan, Auli,
 * Grangier: "Language modeling with gated convolutional networks", 2016.
 *
 * @returns `x` with half the size along `axis`.
 * @throws DTypeError unless `x` is float; ShapeError for an axis that it does not have or of odd size.
 * @example
 * ```ts
 * await glu(tensor([2, 4, 0, 100])).array() // [1, 4]
 * ```
 */
export function glu<D extends FloatDType>(x: Tensor<D>, axis = -1): Tensor<D> {
  checkFloat('glu', x)
  const along = normalizeAxis('glu', axis, x.rank)
  if ((x.shape[along] ?? 0) % 2 !== 0) {
    throw new ShapeError('glu', {
      got: `x is ${formatShape(x.shape)} and axis is ${axis}`,
      wanted: 'an even size',
    })
  }
  const [values = x, gates = x] = split(x, 2, along)
  return mul(values, sigmoid(gates))
}
