import {
  compile,
  gradients,
  key,
  type Layer,
  type Optimizer,
  randomUniform,
  sparseSoftmaxCrossEntropy,
  splitKey,
  type Tensor,
} from '@tensorweft/core'
import { conv2d, dense, flatten, maxPooling2d, sequential } from '@tensorweft/layers'

/** The convolutional network of `mnist-cnn.ts`, with as many filters as are given. */
export function convolutional(filters: readonly [number, number]): Layer {
  return sequential(
    conv2d({ filters: filters[0], kernelSize: 3, padding: 'same', activation: 'relu' }),
    maxPooling2d(),
    conv2d({ filters: filters[1], kernelSize: 3, padding: 'same', activation: 'relu' }),
    maxPooling2d(),
    flatten(),
    dense({ units: 10 }),
  )
}

/** The network of `mnist-mlp.ts`. */
export function perceptron(): Layer {
  return sequential(dense({ units: 256, activation: 'relu' }), dense({ units: 10 }))
}

/**
 * A compiled training step on one batch of random images, with the brightest of the first ten
 * pixels of each as its class. Everything follows from fixed keys.
 *
 * @param inputShape [batch, …]
 */
export function trainingStep(
  model: Layer,
  optimizer: Optimizer,
  inputShape: readonly number[],
): () => Tensor {
  const [weightsKey = key(0), imagesKey = key(0)] = splitKey(key(7), 2)
  model.build(inputShape.slice(1), weightsKey)
  const images = randomUniform(imagesKey, inputShape)
  const batch = inputShape[0] ?? 1
  const labels = images.reshape([batch, -1]).slice([0, 0], [batch, 10]).argMax(1)
  const step = compile((x: Tensor, classes: Tensor<'int32'>) => {
    const cost = sparseSoftmaxCrossEntropy(model.apply(x, { training: true }), classes)
    optimizer.update(model.parameters, gradients(cost, model.parameters))
    return cost
  })
  return () => step(images, labels)
}
