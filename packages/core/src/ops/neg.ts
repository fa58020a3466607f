import type { DType } from '../dtype.ts'
import type { Tensor } from '../graph/tensor.ts'
import { defineUnary } from './define-elementwise.ts'

/** `−x`. */
export const neg: <D extends DType>(x: Tensor<D>) => Tensor<D> = defineUnary({
  name: 'neg',
  accepts: (dtype) => dtype !== 'bool',
  expression: (scalar, x) => scalar.mul(x, -1),
  vjp: (dy) => neg(dy),
})
