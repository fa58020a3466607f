import { isNumber } from './check-dtype.ts'
import { defineUnary } from './define-elementwise.ts'

/** −1, 0 or 1 with the sign of `x`; NaN stays. Its gradient is 0, at the step too. */
export const sign = defineUnary({
  name: 'sign',
  accepts: isNumber,
  expression: (scalar, x) => {
    const zero = scalar.constant(x.dtype, 0)
    const positive = scalar.where(scalar.less(zero, x), scalar.constant(x.dtype, 1), x)
    return scalar.where(scalar.less(x, zero), scalar.constant(x.dtype, -1), positive)
  },
  vjp: () => undefined,
})
