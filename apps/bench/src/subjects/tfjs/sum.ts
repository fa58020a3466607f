import type { SumProblem } from '../../problems/sum.ts'
import type { Work } from '../../subject.ts'
import { heldResult } from './held-result.ts'
import type { Tf } from './tf.ts'

export function sum(tf: Tf, { values }: SumProblem): Work {
  const x = tf.tensor1d(values)
  return heldResult(tf, () => [tf.sum(x)], [x])
}
