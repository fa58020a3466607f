import type { FloatDType } from '../dtype.ts'
import type { Tensor } from '../graph/tensor.ts'
import { add } from './add.ts'
import { isNumber } from './check-dtype.ts'
import { greater, less } from './compare.ts'
import { defineUnary } from './define-elementwise.ts'
import { checkFloat } from './log-sum-exp.ts'
import { logicalAnd } from './logical.ts'
import { mul } from './mul.ts'
import { where } from './where.ts'

/** `min(max(x, 0), 6)`; its gradient at 0 and at 6 is 0. Told from the result, as that of relu. */
export const relu6 = defineUnary({
  name: 'relu6',
  accepts: isNumber,
  expression: (scalar, x) => scalar.min(scalar.max(x, 0), 6),
  vjp: (dy, _, y) => where(logicalAnd(greater(y, 0), less(y, 6)), dy, 0),
})

/** `relu6(x + 3) / 6`, a sigmoid of straight lines; its gradient at ±3 is 0. Howard et al. 2019. */
export function hardSigmoid<D extends FloatDType>(x: Tensor<D>): Tensor<D> {
  checkFloat('hardSigmoid', x)
  return mul(relu6(add(x, 3)), 1 / 6)
}

/** `x · hardSigmoid(x)`. Howard et al. 2019: "Searching for MobileNetV3", section 5.2. */
export function hardSwish<D extends FloatDType>(x: Tensor<D>): Tensor<D> {
  checkFloat('hardSwish', x)
  return mul(x, hardSigmoid(x))
}
