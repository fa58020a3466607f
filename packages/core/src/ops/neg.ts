import type { DType } from '../dtype.ts'
import type { Tensor } from '../graph/tensor.ts'
import { isNumber } from './check-dtype.ts'
import { defineUnary } from './define-elementwise.ts'

/** `−x`. */
export const neg: <D extends DType>(x: Tensor<D>) => Tensor<D> = defineUnary({
  name: 'neg',
  accepts: isNumber,
  // In bytes −1 is 255.
  expression: (scalar, x) => scalar.mul(x, x.dtype === 'uint8' ? 255 : -1),
  vjp: (dy) => neg(dy),
})
