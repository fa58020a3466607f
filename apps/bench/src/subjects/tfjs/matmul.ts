import type { MatmulProblem } from '../../problems/matmul.ts'
import type { Work } from '../../subject.ts'
import { heldResult } from './held-result.ts'
import type { Tf } from './tf.ts'

export function matmul(tf: Tf, { rows, inner, columns, ...data }: MatmulProblem): Work {
  const a = tf.tensor2d(data.a, [rows, inner])
  const b = tf.tensor2d(data.b, [inner, columns])
  return heldResult(tf, () => [tf.matMul(a, b)], [a, b])
}
