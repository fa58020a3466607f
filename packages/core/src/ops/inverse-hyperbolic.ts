import type { Tensor } from '../graph/tensor.ts'
import type { ScalarBuilder } from '../scalar/builder.ts'
import { magnitude, negatedWhere } from '../scalar/parts.ts'
import type { Scalar } from '../scalar/scalar.ts'
import { abs } from './abs.ts'
import { add } from './add.ts'
import { greater } from './compare.ts'
import { defineUnary } from './define-elementwise.ts'
import { div } from './div.ts'
import { mul } from './mul.ts'
import { sqrt } from './sqrt.ts'
import { square } from './square.ts'
import { sub } from './sub.ts'
import { where } from './where.ts'

/** From here on, √(x² ± 1) is |x| to the digits of every dtype, and squares may overflow. */
const large = 1e10

/** log(2x), without overflow. */
function logOfDouble(s: ScalarBuilder, x: Scalar): Scalar {
  return s.add(s.call('log', x), Math.LN2)
}

/** Inverse of sinh, `log(x + √(x² + 1))`, relatively accurate near 0. */
export const asinh = defineUnary({
  name: 'asinh',
  expression: (s, x) => {
    const size = magnitude(s, x)
    const squared = s.mul(size, size)
    const root = s.add(s.sqrt(s.add(squared, 1)), 1)
    const near = s.call('log1p', s.add(size, s.div(squared, root)))
    const value = s.where(s.less(size, large), near, logOfDouble(s, size))
    return negatedWhere(s, s.less(x, 0), value)
  },
  vjp: (dy, x) => div(dy, hypotenuse(x)),
})

/** `√(x² + 1)`. */
function hypotenuse(x: Tensor): Tensor {
  const size = abs(x)
  return where(greater(size, large), size, sqrt(add(square(x), 1)))
}

/** Inverse of cosh, `log(x + √(x² − 1))` ≥ 0; NaN below 1. */
export const acosh = defineUnary({
  name: 'acosh',
  expression: (s, x) => {
    const t = s.sub(x, 1)
    const near = s.call('log1p', s.add(t, s.sqrt(s.mul(t, s.add(x, 1)))))
    return s.where(s.less(x, large), near, logOfDouble(s, x))
  },
  vjp: (dy, x) => div(dy, mul(sqrt(sub(x, 1)), sqrt(add(x, 1)))),
})

/** Inverse of tanh, `log((1 + x) / (1 − x)) / 2`; ±∞ at ±1, NaN beyond. */
export const atanh = defineUnary({
  name: 'atanh',
  expression: (s, x) => {
    const size = magnitude(s, x)
    const rest = s.sub(s.constant(x.dtype, 1), size)
    const value = s.mul(s.call('log1p', s.div(s.mul(size, 2), rest)), 0.5)
    return negatedWhere(s, s.less(x, 0), value)
  },
  vjp: (dy, x) => div(dy, mul(sub(1, x), add(x, 1))),
})
