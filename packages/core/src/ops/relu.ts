import { isNumber } from './check-dtype.ts'
import { greater } from './compare.ts'
import { defineUnary } from './define-elementwise.ts'
import { where } from './where.ts'

/** `max(x, 0)`; its gradient at 0 is 0. Told from the result, so that `x` need not be kept. */
export const relu = defineUnary({
  name: 'relu',
  accepts: isNumber,
  expression: (scalar, x) => scalar.max(x, 0),
  vjp: (dy, _, y) => where(greater(y, 0), dy, 0),
})
