import { ArgumentError, relu, sigmoid, softmax, type Tensor, tanh } from '@tensorweft/core'

const byName = {
  linear: (x: Tensor) => x,
  relu: (x: Tensor) => relu(x),
  sigmoid: (x: Tensor) => sigmoid(x),
  softmax: (x: Tensor) => softmax(x),
  tanh: (x: Tensor) => tanh(x),
}

/** An activation by Keras' name. */
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
