import { isNumber } from './check-dtype.ts'
import { equal, less } from './compare.ts'
import { defineUnary } from './define-elementwise.ts'
import { neg } from './neg.ts'
import { where } from './where.ts'

/** `|x|`; its gradient at 0 is 0. */
export const abs = defineUnary({
  name: 'abs',
  accepts: isNumber,
  expression: (scalar, x) => scalar.where(scalar.less(x, 0), scalar.mul(x, -1), x),
  vjp: (dy, x) => where(less(x, 0), neg(dy), where(equal(x, 0), 0, dy)),
})
