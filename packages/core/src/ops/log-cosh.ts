import { magnitude } from '../scalar/parts.ts'
import { defineUnary } from './define-elementwise.ts'
import { defineLoss, type Loss } from './loss.ts'
import { mul } from './mul.ts'
import { sub } from './sub.ts'
import { tanh } from './tanh.ts'

/**
 * `log(cosh(x))`. Far from 0 it is |x| + log1p(e^−2|x|) − log 2; near 0, where that cancels, it is
 * log1p(sinh² x) / 2 with sinh x = (e + e / (e + 1)) / 2 and e = expm1 |x|.
 */
const logOfCosh = defineUnary({
  name: 'logCosh',
  expression: (s, x) => {
    const size = magnitude(s, x)
    const tail = s.call('log1p', s.call('exp', s.mul(size, -2)))
    const far = s.add(s.sub(size, Math.LN2), tail)
    const e = s.call('expm1', s.min(size, 1))
    const sinh = s.mul(s.add(e, s.div(e, s.add(e, 1))), 0.5)
    const near = s.mul(s.call('log1p', s.mul(sinh, sinh)), 0.5)
    return s.where(s.less(size, 1), near, far)
  },
  vjp: (dy, x) => mul(dy, tanh(x)),
})

/**
 * `log(cosh(predictions − targets))`, elementwise, then reduced: about a half of the square near 0,
 * the absolute value less log 2 far from it.
 *
 * @param predictions Any shape.
 * @param targets The same shape.
 * @throws ShapeError if the shapes differ.
 * @example
 * ```ts
 * const loss = logCosh(tensor([0, 0]), tensor([0.1, 100]), { reduction: 'none' })
 * await loss.array() // [0.00499, 99.3]
 * ```
 */
export const logCosh: Loss = defineLoss('logCosh', (predictions, targets) =>
  logOfCosh(sub(predictions, targets)),
)
