import { type DType, isFloat } from '../dtype.ts'
import { ArgumentError, DTypeError } from '../errors.ts'
import type { Tensor } from '../graph/tensor.ts'
import { add } from '../ops/add.ts'
import { cast } from '../ops/cast.ts'
import { checkKnownDType } from '../ops/check-dtype.ts'
import { indices } from '../ops/indices.ts'
import { mul } from '../ops/mul.ts'

/**
 * `start`, `start + step`, … up to but without `stop`: a vector of ⌈(stop − start) / step⌉ elements.
 *
 * @throws ArgumentError for a step of 0, bounds that are not finite, or an integer dtype with a
 * start or a step that is none; DTypeError for bool.
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
  checkWhole(dtype, start, step)
  const position = indices([Math.max(Math.ceil((stop - start) / step), 0)], 0)
  // Bytes are cut off at the end only: a step may be negative.
  const values = isFloat(dtype) ? cast<DType>(position, dtype) : position
  return cast(add(mul(values, step), start), dtype)
}

function checkWhole(dtype: DType, start: number, step: number): void {
  checkKnownDType('arange', dtype)
  if (isFloat(dtype)) return
  if (dtype === 'bool') {
    throw new DTypeError('arange', { got: 'dtype bool', wanted: 'a dtype of numbers' })
  }
  if (Number.isInteger(start) && Number.isInteger(step)) return
  throw new ArgumentError('arange', {
    got: `start ${start} and step ${step} for ${dtype}`,
    wanted: 'integers',
    hint: 'leave the dtype out for float32',
  })
}
