import type { MatmulProblem } from '../../problems/matmul.ts'
import type { Prepared } from '../../subject.ts'
import { heldResult } from './held-result.ts'
import type { Tf } from './tf.ts'

export function matmul(tf: Tf, { rows, inner, columns, ...data }: MatmulProblem): Prepared {
  if (data.dtype !== 'float32') return { unsupported: `has no ${data.dtype}` }
  const a = tf.tensor2d(data.a, [rows, inner])
  const b = tf.tensor2d(data.b, [inner, columns])
  return heldResult(tf, () => [tf.matMul(a, b)], [a, b])
}
