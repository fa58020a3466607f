import {
  abs,
  clip,
  elu,
  exp,
  gelu,
  greater,
  hardSigmoid,
  hardSwish,
  leakyRelu,
  logSigmoid,
  logSoftmax,
  mish,
  relu,
  relu6,
  selu,
  sigmoid,
  silu,
  softmax,
  softplus,
  softsign,
  sparsemax,
  type Tensor,
  tanh,
  where,
} from '@tensorweft/core'
import { lookUp } from '../option-values.ts'
import { sparsePlus, squareplus } from './smooth-relu.ts'

/** With the defaults of Keras, where an activation has parameters. */
const byName = {
  linear: (x: Tensor) => x,
  relu,
  leakyRelu: (x: Tensor) => leakyRelu(x, { alpha: 0.2 }),
  relu6,
  elu,
  // With alpha 1 they are one function.
  celu: elu,
  selu,
  gelu,
  silu,
  swish: silu,
  mish,
  exponential: exp,
  sigmoid,
  hardSigmoid,
  sparseSigmoid: (x: Tensor) => clip(x.add(1).div(2), 0, 1),
  logSigmoid,
  hardSilu: hardSwish,
  hardSwish,
  tanh,
  hardTanh: (x: Tensor) => clip(x, -1, 1),
  tanhShrink: (x: Tensor) => x.sub(tanh(x)),
  softShrink: (x: Tensor) => x.sub(clip(x, -0.5, 0.5)),
  hardShrink: (x: Tensor) => where(greater(abs(x), 0.5), x, 0),
  softplus,
  sparsePlus,
  squareplus,
  softsign,
  softmax,
  logSoftmax,
  sparsemax,
}

/** An activation by Keras' name, in the spelling of this package. */
export type ActivationName = keyof typeof byName

/** What follows a layer's linear part: x [batch, …] to the same shape. */
export type ActivationFunction = (x: Tensor) => Tensor

/** The function that an option of a layer names or is. Throws ArgumentError for other names. */
export function activationOf(
  op: string,
  choice: ActivationFunction | ActivationName,
): ActivationFunction {
  return typeof choice === 'function' ? choice : lookUp(op, 'activation', choice, byName)
}
