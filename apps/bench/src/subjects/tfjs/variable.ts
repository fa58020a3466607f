import type { Rank, Tensor, Variable } from '@tensorflow/tfjs'
import type { Tf } from './tf.ts'

/** A variable of its own: the tensor that it starts from is freed. */
export function variable<R extends Rank>(tf: Tf, start: Tensor<R>): Variable<R> {
  const made = tf.variable(start)
  start.dispose()
  return made
}
