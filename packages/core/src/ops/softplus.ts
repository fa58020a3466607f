import type { FloatDType } from '../dtype.ts'
import type { Tensor } from '../graph/tensor.ts'
import { magnitude } from '../scalar/parts.ts'
import { defineUnary } from './define-elementwise.ts'
import { checkFloat } from './log-sum-exp.ts'
import { mul } from './mul.ts'
import { neg } from './neg.ts'
import { sigmoid } from './sigmoid.ts'

/** `log(1 + eˣ)`, as `max(x, 0) + log1p(e^−|x|)`, which does not overflow. */
export const softplus = defineUnary({
  name: 'softplus',
  expression: (s, x) => {
    const e = s.call('exp', s.mul(magnitude(s, x), -1))
    return s.add(s.max(x, 0), s.call('log1p', e))
  },
  vjp: (dy, x) => mul(dy, sigmoid(x)),
})

/** `log(sigmoid(x))`, as `−softplus(−x)`, which stays finite for every finite `x`. */
export function logSigmoid<D extends FloatDType>(x: Tensor<D>): Tensor<D> {
  checkFloat('logSigmoid', x)
  return neg(softplus(neg(x)))
}
