import type { DType } from '../dtype.ts'
import type { Tensor } from '../graph/tensor.ts'
import { magnitude } from '../scalar/parts.ts'
import { polynomial } from '../scalar/polynomial.ts'
import { defineUnary } from './define-elementwise.ts'
import { exp } from './exp.ts'
import { mul } from './mul.ts'

// M. Giles: "Approximating the erfinv function", GPU Computing Gems Jade, 2011: polynomials in
// w = −log(1 − x²), one for the centre and one in √w for the tails.
const centre = [
  1.50140941, 0.246640727, -4.17768164e-3, -1.25372503e-3, 2.1858087e-4, -4.39150654e-6,
  -3.5233877e-6, 3.43273939e-7, 2.81022636e-8,
]
const tail = [
  2.83297682, 1.00167406, 9.43887047e-3, -7.6224613e-3, 5.73950773e-3, -3.67342844e-3,
  1.34934322e-3, 1.00950558e-4, -2.00214257e-4,
]

/** The y with erf(y) = x; ±∞ at ±1. Accurate to float32. */
export const erfInv: <D extends DType>(x: Tensor<D>) => Tensor<D> = defineUnary({
  name: 'erfInv',
  expression: (s, x) => {
    const w = s.mul(s.call('log', s.mul(s.sub(s.constant(x.dtype, 1), x), s.add(x, 1))), -1)
    const near = polynomial(s, s.sub(w, 2.5), centre)
    const far = polynomial(s, s.sub(s.sqrt(w), 3), tail)
    const inside = s.mul(s.where(s.less(w, 5), near, far), x)
    const edge = s.equal(magnitude(s, x), 1)
    return s.where(edge, s.mul(x, Number.POSITIVE_INFINITY), inside)
  },
  vjp: (dy, _, y) => mul(dy, mul(exp(mul(y, y)), Math.sqrt(Math.PI) / 2)),
})
