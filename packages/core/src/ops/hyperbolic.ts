import type { ScalarBuilder } from '../scalar/builder.ts'
import { magnitude, negatedWhere } from '../scalar/parts.ts'
import type { Scalar } from '../scalar/scalar.ts'
import { defineUnary, type UnaryOp } from './define-elementwise.ts'
import { mul } from './mul.ts'

/** e^(x/2): its square may be as large as a float can be where eˣ / 2 is. */
function rootOfExp(s: ScalarBuilder, x: Scalar): Scalar {
  return s.call('exp', s.mul(x, 0.5))
}

/** Hyperbolic sine, `(eˣ − e⁻ˣ) / 2`, relatively accurate near 0. */
export const sinh: UnaryOp = defineUnary({
  name: 'sinh',
  expression: (s, x) => {
    const size = magnitude(s, x)
    const e = s.call('expm1', size)
    const near = s.mul(s.add(e, s.div(e, s.add(e, 1))), 0.5)
    const root = rootOfExp(s, size)
    // From 40 on, e⁻ˣ is beyond the digits of every dtype.
    const value = s.where(s.less(size, 40), near, s.mul(s.mul(root, 0.5), root))
    return negatedWhere(s, s.less(x, 0), value)
  },
  vjp: (dy, x) => mul(dy, cosh(x)),
})

/** Hyperbolic cosine, `(eˣ + e⁻ˣ) / 2`. */
export const cosh: UnaryOp = defineUnary({
  name: 'cosh',
  expression: (s, x) => {
    const root = rootOfExp(s, magnitude(s, x))
    const inverse = s.div(s.constant(x.dtype, 0.5), root)
    return s.add(s.mul(s.mul(root, 0.5), root), s.div(inverse, root))
  },
  vjp: (dy, x) => mul(dy, sinh(x)),
})
