import { isInt32 } from './check-dtype.ts'
import { defineBinary } from './define-elementwise.ts'

/** The bits of `a` (int32) moved left by `b` from 0 to 31. */
export const shiftLeft = defineBinary({
  name: 'shiftLeft',
  accepts: isInt32,
  expression: (scalar, a, b) => scalar.shl(a, b),
})

/** The bits of `a` (int32) moved right by `b` from 0 to 31, filled with zeros. */
export const shiftRight = defineBinary({
  name: 'shiftRight',
  accepts: isInt32,
  expression: (scalar, a, b) => scalar.shr(a, b),
})
