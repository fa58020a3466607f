import type { Tensor } from '../graph/tensor.ts'
import { complementaryErrorFunction, errorFunction } from '../scalar/error-function.ts'
import { defineUnary } from './define-elementwise.ts'
import { exp } from './exp.ts'
import { mul } from './mul.ts'
import { neg } from './neg.ts'
import { square } from './square.ts'

/** `2/√π e^(−x²)`. */
function slope(x: Tensor): Tensor {
  return mul(exp(neg(square(x))), 2 / Math.sqrt(Math.PI))
}

/** The error function, `2/√π ∫₀ˣ e^(−t²) dt`. */
export const erf = defineUnary({
  name: 'erf',
  expression: errorFunction,
  vjp: (dy, x) => mul(dy, slope(x)),
})

/** `1 − erf x`, relatively accurate also where it is tiny. */
export const erfc = defineUnary({
  name: 'erfc',
  expression: complementaryErrorFunction,
  vjp: (dy, x) => neg(mul(dy, slope(x))),
})
