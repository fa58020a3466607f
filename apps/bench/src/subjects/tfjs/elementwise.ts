import type { Tensor } from '@tensorflow/tfjs'
import type { ElementwiseOp, ElementwiseProblem } from '../../problems/elementwise.ts'
import type { Work } from '../../subject.ts'
import { heldResult } from './held-result.ts'
import type { Tf } from './tf.ts'

export function elementwise(tf: Tf, { values, ops }: ElementwiseProblem): Work {
  const x = tf.tensor1d(values)
  const apply = (x: Tensor, step: ElementwiseOp): Tensor =>
    'number' in step ? tf[step.op](x, step.number) : tf[step.op](x)
  return heldResult(tf, () => [ops.reduce(apply, x)], [x])
}
