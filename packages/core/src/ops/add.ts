import { isNumber } from './check-dtype.ts'
import { defineBinary } from './define-elementwise.ts'

/** `a + b`, broadcast. int32 wraps. */
export const add = defineBinary({
  name: 'add',
  accepts: isNumber,
  expression: (scalar, a, b) => scalar.add(a, b),
  vjp: (dy) => ({ a: dy, b: dy }),
})
