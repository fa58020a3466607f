import { type DType, type FloatDType, isFloat } from '../dtype.ts'
import { ArgumentError } from '../errors.ts'
import type { Tensor } from '../graph/tensor.ts'
import { add } from '../ops/add.ts'
import { cast } from '../ops/cast.ts'
import { checkDType } from '../ops/check-dtype.ts'
import { checkIntegers } from '../ops/check-numbers.ts'
import { less } from '../ops/compare.ts'
import { indices } from '../ops/indices.ts'
import { mul } from '../ops/mul.ts'
import { sub } from '../ops/sub.ts'
import { where } from '../ops/where.ts'

/**
 * `count` numbers at equal distances from `start` to `stop`, both included: a vector. Each half is
 * counted from its own end, so that both ends are exact.
 *
 * @throws ArgumentError for ends that are not finite or a count that is no non-negative integer,
 * DTypeError for dtypes other than floats.
 * @example
 * ```ts
 * await linspace(0, 1, 5).array() // [0, 0.25, 0.5, 0.75, 1]
 * ```
 */
export function linspace<D extends FloatDType = 'float32'>(
  start: number,
  stop: number,
  count: number,
  dtype?: D,
): Tensor<D>
export function linspace(
  start: number,
  stop: number,
  count: number,
  dtype: DType = 'float32',
): Tensor<DType> {
  if (!Number.isFinite(start) || !Number.isFinite(stop)) {
    throw new ArgumentError('linspace', { got: `${start} to ${stop}`, wanted: 'finite ends' })
  }
  checkIntegers('linspace', 'count', count, 'a non-negative integer')
  checkDType('linspace', 'dtype', dtype, isFloat)
  const last = Math.max(count - 1, 1)
  // Divided before they are subtracted: the difference of the ends may overflow.
  const step = stop / last - start / last
  const position = indices([count], 0)
  const fromStart = add(mul(cast<DType>(position, dtype), step), start)
  const fromStop = sub(stop, mul(cast<DType>(sub(last, position), dtype), step))
  return where(less(position, Math.ceil(count / 2)), fromStart, fromStop)
}
