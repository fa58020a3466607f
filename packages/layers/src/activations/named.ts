import {
  ArgumentError,
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
  type Tensor,
  tanh,
  where,
} from '@tensorweft/core'
import { sparsePlus, squareplus } from './smooth-relu.ts'

const hardSilu = (x: Tensor) => hardSwish(x)
const swish = (x: Tensor) => silu(x)

/** With the defaults of Keras, where an activation has parameters. */
const byName = {
  linear: (x: Tensor) => x,
  relu: (x: Tensor) => relu(x),
  leakyRelu: (x: Tensor) => leakyRelu(x, { alpha: 0.2 }),
  relu6: (x: Tensor) => relu6(x),
  elu: (x: Tensor) => elu(x),
  // With alpha 1 they are one function.
  celu: (x: Tensor) => elu(x),
  selu: (x: Tensor) => selu(x),
  gelu: (x: Tensor) => gelu(x),
  silu: swish,
  swish,
  mish: (x: Tensor) => mish(x),
  exponential: (x: Tensor) => exp(x),
  sigmoid: (x: Tensor) => sigmoid(x),
  hardSigmoid: (x: Tensor) => hardSigmoid(x),
  sparseSigmoid: (x: Tensor) => clip(x.add(1).div(2), 0, 1),
  logSigmoid: (x: Tensor) => logSigmoid(x),
  hardSilu,
  hardSwish: hardSilu,
  tanh: (x: Tensor) => tanh(x),
  hardTanh: (x: Tensor) => clip(x, -1, 1),
  tanhShrink: (x: Tensor) => x.sub(tanh(x)),
  softShrink: (x: Tensor) => x.sub(clip(x, -0.5, 0.5)),
  hardShrink: (x: Tensor) => where(greater(abs(x), 0.5), x, 0),
  softplus: (x: Tensor) => softplus(x),
  sparsePlus,
  squareplus,
  softsign: (x: Tensor) => softsign(x),
  softmax: (x: Tensor) => softmax(x),
  logSoftmax: (x: Tensor) => logSoftmax(x),
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
  if (typeof choice === 'function') return choice
  if (Object.hasOwn(byName, choice)) return byName[choice]
  throw new ArgumentError(op, {
    got: `the activation '${choice}'`,
    wanted: `one of ${Object.keys(byName).join(', ')}, or a function`,
  })
}
