import { arccosine, arcsine, arctangent } from '../scalar/arctangent.ts'
import { add } from './add.ts'
import { defineUnary } from './define-elementwise.ts'
import { div } from './div.ts'
import { mul } from './mul.ts'
import { neg } from './neg.ts'
import { rsqrt } from './rsqrt.ts'
import { square } from './square.ts'
import { sub } from './sub.ts'

/** The angle from −π/2 to π/2 whose sine is `x`; NaN beyond ±1. */
export const asin = defineUnary({
  name: 'asin',
  expression: arcsine,
  vjp: (dy, x) => mul(dy, rsqrt(mul(sub(1, x), add(x, 1)))),
})

/** The angle from 0 to π whose cosine is `x`; NaN beyond ±1. */
export const acos = defineUnary({
  name: 'acos',
  expression: arccosine,
  vjp: (dy, x) => neg(mul(dy, rsqrt(mul(sub(1, x), add(x, 1))))),
})

/** The angle from −π/2 to π/2 whose tangent is `x`. */
export const atan = defineUnary({
  name: 'atan',
  expression: arctangent,
  vjp: (dy, x) => div(dy, add(square(x), 1)),
})
