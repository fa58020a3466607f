import type { DType } from '../dtype.ts'
import type { Tensor } from '../graph/tensor.ts'
import { defineUnary } from './define-elementwise.ts'
import { mul } from './mul.ts'

/** `eˣ`. */
export const exp: <D extends DType>(x: Tensor<D>) => Tensor<D> = defineUnary({
  name: 'exp',
  expression: (scalar, x) => scalar.call('exp', x),
  vjp: (dy, _, y) => mul(dy, y),
})
