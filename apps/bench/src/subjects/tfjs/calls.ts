import type { Tensor } from '@tensorflow/tfjs'
import type { CallsProblem } from '../../problems/calls.ts'
import type { Work } from '../../subject.ts'
import { heldResult } from './held-result.ts'
import type { Tf } from './tf.ts'

/** Each sum is computed at once; `tidy` frees all but the last, as a program of its kind would. */
export function eagerCalls(tf: Tf, { calls, ...data }: CallsProblem): Work {
  const [a, b] = [tf.tensor1d(data.a), tf.tensor1d(data.b)]
  const addAll = () => {
    let sum: Tensor = a
    for (let call = 0; call < calls; call++) sum = tf.add(a, b)
    return [sum]
  }
  return heldResult(tf, addAll, [a, b])
}
