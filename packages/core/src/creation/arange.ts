import { type DType, isFloat } from '../dtype.ts'
import { ArgumentError, DTypeError } from '../errors.ts'
import type { Tensor } from '../graph/tensor.ts'
import { add } from '../ops/add.ts'
import { cast } from '../ops/cast.ts'
import { checkKnownDType } from '../ops/check-dtype.ts'
import { indices } from '../ops/indices.ts'
import { mul } from '../ops/mul.ts'
import { checkFits } from '../ops/number.ts'

/**
 * `start`, `start + step`, … up to but without `stop`: a vector of ⌈(stop − start) / step⌉ elements.
 *
 * @throws ArgumentError for a step of 0, bounds that are not finite, or an integer dtype with a
 * start or a step that is none or a last value that it does not hold; DTypeError for bool.
 * @example
 * ```ts
 * await arange(0, 3).array() // [0, 1, 2]
 * await arange(5, 0, -2, 'int32').array() // [5, 3, 1]
 * ```
 */
export function arange<D extends DType = 'float32'>(
  start: number,
  stop: number,
  step = 1,
  dtype: D = 'float32' as D,
): Tensor<D> {
  if (step === 0 || ![start, stop, step].every(Number.isFinite)) {
    throw new ArgumentError('arange', {
      got: `start ${start}, stop ${stop} and step ${step}`,
      wanted: 'finite numbers and a step other than 0',
    })
  }
  checkKnownDType('arange', dtype)
  if (dtype === 'bool') {
    throw new DTypeError('arange', { got: 'dtype bool', wanted: 'a dtype of numbers' })
  }
  const count = Math.max(Math.ceil((stop - start) / step), 0)
  checkFits('arange', 'start', start, dtype)
  // Bytes are counted in int32: a step may be negative.
  checkFits('arange', 'step', step, isFloat(dtype) ? dtype : 'int32')
  checkFits('arange', 'the last value', start + Math.max(count - 1, 0) * step, dtype)
  const position = indices([count], 0)
  const values = isFloat(dtype) ? cast<DType>(position, dtype) : position
  return cast(add(mul(values, step), start), dtype)
}
