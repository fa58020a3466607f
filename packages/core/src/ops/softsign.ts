import { abs } from './abs.ts'
import { add } from './add.ts'
import { defineUnary } from './define-elementwise.ts'
import { div } from './div.ts'
import { square } from './square.ts'

/** `x / (1 + |x|)`, between −1 and 1. */
export const softsign = defineUnary({
  name: 'softsign',
  expression: (scalar, x) => {
    const magnitude = scalar.max(x, scalar.sub(scalar.constant(x.dtype, 0), x))
    return scalar.div(x, scalar.add(magnitude, 1))
  },
  vjp: (dy, x) => div(dy, square(add(abs(x), 1))),
})
