import type { DType } from '../dtype.ts'
import { ArgumentError } from '../errors.ts'
import type { Tensor } from '../graph/tensor.ts'
import { checkTensor } from './check-tensor.ts'
import { greater, less } from './compare.ts'
import { checkFits } from './number.ts'
import { where } from './where.ts'

/**
 * `x` with what is below `min` or above `max` replaced by that bound; NaN stays. The gradient is
 * that of `x` within the bounds, on them too, and 0 beyond.
 *
 * @param x Any shape, numbers.
 * @param min Lower bound, `null` for none.
 * @param max Upper bound, `null` for none.
 * @throws ArgumentError for NaN, a `min` above `max`, or a bound that an integer dtype does not hold.
 * @example
 * ```ts
 * const y = clip(tensor([-3, 0.5, 9]), 0, 1)
 * await y.array() // [0, 0.5, 1]
 * ```
 */
export function clip<D extends DType>(
  x: Tensor<D>,
  min: number | null,
  max: number | null,
): Tensor<D> {
  checkTensor('clip', 'x', x)
  const isBound = (bound: unknown) => bound === null || typeof bound === 'number'
  const isOrdered = (min ?? Number.NEGATIVE_INFINITY) <= (max ?? Number.POSITIVE_INFINITY)
  if (!isBound(min) || !isBound(max) || !isOrdered) {
    throw new ArgumentError('clip', {
      got: `min ${min} and max ${max}`,
      wanted: 'numbers with min ≤ max, or null for no bound',
    })
  }
  checkFits('clip', 'min', min ?? 0, x.dtype)
  checkFits('clip', 'max', max ?? 0, x.dtype)
  const raised = min === null ? x : where(less(x, min), min, x)
  return max === null ? raised : where(greater(x, max), max, raised)
}
