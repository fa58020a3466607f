import { isFloat } from '../dtype.ts'
import type { ScalarBuilder } from '../scalar/builder.ts'
import { magnitude } from '../scalar/parts.ts'
import type { Scalar } from '../scalar/scalar.ts'
import { isNumber } from './check-dtype.ts'
import { defineBinary } from './define-elementwise.ts'
import { mul } from './mul.ts'
import { neg } from './neg.ts'

/**
 * `floor(a / b)`, broadcast: of the exact quotient, not of the rounded one. Integers divided by 0
 * give 0, floats what `a / b` gives. The gradient is 0, at the steps too.
 */
export const floorDiv = defineBinary({
  name: 'floorDiv',
  accepts: isNumber,
  expression: (scalar, a, b) =>
    isFloat(a.dtype) ? floorQuotient(scalar, a, b) : scalar.idiv(a, b),
  vjp: () => ({}),
})

/** A quotient just below an integer may be rounded to it; the remainder, which is exact, tells. */
function floorQuotient(s: ScalarBuilder, a: Scalar, b: Scalar): Scalar {
  const quotient = s.div(a, b)
  const floor = s.floor(quotient)
  const isNearlyNext = s.less(magnitude(s, b), s.mul(magnitude(s, s.mod(a, b)), 2))
  const isTooLarge = s.and(s.equal(quotient, floor), isNearlyNext)
  return s.sub(floor, s.where(isTooLarge, s.constant(a.dtype, 1), 0))
}

/**
 * `a − b floor(a / b)`, broadcast: the remainder with the sign of `b`. Integers modulo 0 give 0,
 * floats NaN. The gradient at the steps is that beside them.
 */
export const mod = defineBinary({
  name: 'mod',
  accepts: isNumber,
  expression: (scalar, a, b) => scalar.mod(a, b),
  vjp: (dy, a, b) => ({ a: dy, b: neg(mul(dy, floorDiv(a, b))) }),
})
