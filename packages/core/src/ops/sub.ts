import { isNumber } from './check-dtype.ts'
import { defineBinary } from './define-elementwise.ts'
import { neg } from './neg.ts'

/** `a − b`, broadcast. int32 wraps. */
export const sub = defineBinary({
  name: 'sub',
  accepts: isNumber,
  expression: (scalar, a, b) => scalar.sub(a, b),
  vjp: (dy) => ({ a: dy, b: neg(dy) }),
})
