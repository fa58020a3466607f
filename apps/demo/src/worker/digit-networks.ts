import { key, type Layer, randomNormal, round, type Tensor } from 'tensorweft'
import {
  activation,
  batchNormalization,
  conv2d,
  conv2dTranspose,
  dense,
  flatten,
  initializers,
  leakyRelu,
  reshape,
  sequential,
} from 'tensorweft/layers'
import { side } from '../data/mnist.ts'

/** Numbers that a generated digit is made of. */
export const latentSize = 64

const window = { kernelSize: 4, strides: 2, padding: 'same' } as const
/** Pixels along a side before two transposed convolutions double them. */
const start = side / 4

/** As in the paper; biases begin at 0. */
const kernelInitializer = initializers.randomNormal({ stddev: 0.02 })

/**
 * Draws images [batch, 28, 28, 1] from −1 to 1 of noise [batch, 64], after Radford, Metz, Chintala,
 * "Unsupervised representation learning with deep convolutional generative adversarial networks", 2016.
 */
export function createGenerator(): Layer {
  return sequential(
    dense({ units: start * start * 64, kernelInitializer, useBias: false }),
    batchNormalization({ momentum: 0.9 }),
    activation('relu'),
    reshape({ targetShape: [start, start, 64] }),
    conv2dTranspose({ filters: 32, ...window, kernelInitializer, useBias: false }),
    batchNormalization({ momentum: 0.9 }),
    activation('relu'),
    conv2dTranspose({ filters: 1, ...window, kernelInitializer, activation: 'tanh' }),
  )
}

/** Tells real images [batch, 28, 28, 1] from generated ones, as logits [batch, 1]. */
export function createDiscriminator(): Layer {
  return sequential(
    conv2d({ filters: 32, ...window, kernelInitializer }),
    leakyRelu({ negativeSlope: 0.2 }),
    conv2d({ filters: 64, ...window, kernelInitializer }),
    leakyRelu({ negativeSlope: 0.2 }),
    flatten(),
    dense({ units: 1, kernelInitializer }),
  )
}

/** Noise [40, 64] that is always the same, to see how what is made of it changes. */
export function sampleNoise(): Tensor {
  return randomNormal(key(1), [40, latentSize])
}

/** Images from −1 to 1 as bytes, 0 is background. */
export function toBytes(images: Tensor): Tensor<'uint8'> {
  return round(images.add(1).mul(127.5)).cast('uint8')
}
