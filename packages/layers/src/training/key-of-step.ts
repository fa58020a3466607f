import { type Key, pad, type Tensor } from '@tensorweft/core'

/**
 * A key of its own for each step, made of one key and the number of the step, int32 scalar. Keys that
 * differ at all give other numbers; a count, unlike a key, can be updated in place.
 *
 * @example
 * ```ts
 * await keyOfStep(key(7), tensor(3, { dtype: 'int32' })).array() // [3, 7]
 * ```
 */
export function keyOfStep(key: Key, step: Tensor<'int32'>): Key {
  return key.add(pad(step.reshape([1]), [[0, 1]]))
}
