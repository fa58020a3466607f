import { defineUnary } from './define-elementwise.ts'
import { mul } from './mul.ts'
import { sub } from './sub.ts'

/** `1 / (1 + e⁻ˣ)`, from e^−|x|, which does not overflow. */
export const sigmoid = defineUnary({
  name: 'sigmoid',
  expression: (scalar, x) => {
    const negative = scalar.less(x, 0)
    const e = scalar.call('exp', scalar.where(negative, x, scalar.mul(x, -1)))
    const one = scalar.constant(x.dtype, 1)
    return scalar.div(scalar.where(negative, e, one), scalar.add(e, 1))
  },
  vjp: (dy, _, y) => mul(dy, mul(y, sub(1, y))),
})
