import { isFloat } from '../dtype.ts'
import type { Tensor } from '../graph/tensor.ts'
import { arctangent2 } from '../scalar/arctangent.ts'
import { abs } from './abs.ts'
import { add } from './add.ts'
import { equal } from './compare.ts'
import { defineBinary } from './define-elementwise.ts'
import { div } from './div.ts'
import { maximum } from './extremum.ts'
import { mul } from './mul.ts'
import { neg } from './neg.ts'
import { square } from './square.ts'
import { stopGradient } from './stop-gradient.ts'
import { where } from './where.ts'

/**
 * The angle of the point (b, a), from −π to π: that of `a / b`, in the right quadrant. 0 at the
 * origin, where the gradient is 0 too; a zero counts as positive.
 */
export const atan2 = defineBinary({
  name: 'atan2',
  accepts: isFloat,
  expression: arctangent2,
  vjp: (dy, a, b) => {
    const slope = inverseSquare(a, b)
    return { a: mul(dy, slope(b)), b: neg(mul(dy, slope(a))) }
  },
})

/** `x ↦ x / (a² + b²)`, scaled so that the squares neither overflow nor vanish. */
function inverseSquare(a: Tensor, b: Tensor): (x: Tensor) => Tensor {
  const greatest = stopGradient(maximum(abs(a), abs(b)))
  const scale = where(equal(greatest, 0), 1, greatest)
  const square2 = add(square(div(a, scale)), square(div(b, scale)))
  const total = where(equal(square2, 0), 1, square2)
  return (x) => div(div(div(x, scale), total), scale)
}
