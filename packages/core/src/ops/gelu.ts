import type { FloatDType } from '../dtype.ts'
import { ArgumentError } from '../errors.ts'
import type { Tensor } from '../graph/tensor.ts'
import { add } from './add.ts'
import { clip } from './clip.ts'
import { defineComposite } from './define-composite.ts'
import { erfc } from './erf.ts'
import { checkFloat } from './log-sum-exp.ts'
import { mul } from './mul.ts'
import { sigmoid } from './sigmoid.ts'
import { square } from './square.ts'

export interface GeluOptions {
  /** `'none'` (the default) for the normal distribution itself, `'tanh'` for its approximation. */
  readonly approximate?: 'none' | 'tanh'
}

/**
 * `x Φ(x)` with the distribution function of the standard normal, `Φ(x) = (1 + erf(x / √2)) / 2`;
 * or, with `approximate: 'tanh'`, `x (1 + tanh(√(2/π) (x + 0.044715 x³))) / 2`. `x`: any shape,
 * float. Hendrycks and Gimpel 2016.
 *
 * @throws ArgumentError for another `approximate`.
 * @example
 * ```ts
 * const y = gelu(tensor([-1, 0, 1]))
 * await y.array() // [-0.159, 0, 0.841]
 * ```
 */
export const gelu: <D extends FloatDType>(x: Tensor<D>, options?: GeluOptions) => Tensor<D> =
  defineComposite(
    'gelu',
    (x, { approximate = 'none' } = {}) => {
      checkFloat('gelu', x)
      if (approximate === 'none') return exact(x)
      if (approximate === 'tanh') return approximation(x)
      throw new ArgumentError('gelu', {
        got: `approximate '${String(approximate)}'`,
        wanted: "'none' or 'tanh'",
      })
    },
    ['x', 'options'],
  )

// 1 + erf is erfc of the negative argument, and 1 + tanh is 2 sigmoid of the double one: for
// negative x both keep the digits that the sum would lose.
function exact<D extends FloatDType>(x: Tensor<D>): Tensor<D> {
  return mul(mul(x, 0.5), erfc(mul(x, -Math.SQRT1_2)))
}

function approximation<D extends FloatDType>(x: Tensor<D>): Tensor<D> {
  // Beyond, the sigmoid is 0 or 1 in every dtype, but the cube and its gradient may overflow.
  const limited = clip(x, -30, 30)
  const cubic = mul(limited, add(mul(square(limited), 0.044715), 1))
  return mul(x, sigmoid(mul(cubic, 2 * Math.sqrt(2 / Math.PI))))
}
