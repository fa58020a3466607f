import type { Layer } from '@tensorweft/core'
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
} from '@tensorweft/layers'
import { CliError } from '../cli-error.ts'

const window = { kernelSize: 4, strides: 2, padding: 'same' } as const

/** As in the paper; biases begin at 0. */
const kernelInitializer = initializers.randomNormal({ stddev: 0.02 })

/**
 * Generator and discriminator for images [height, width, 1], after Radford, Metz, Chintala,
 * "Unsupervised representation learning with deep convolutional generative adversarial networks", 2016.
 * The discriminator has no batch normalisation, so that a gradient penalty makes sense.
 *
 * @throws CliError for images whose sides 4 does not divide.
 */
export function digitNetworks(
  height: number,
  width: number,
): { generator: Layer; discriminator: Layer } {
  if (height % 4 !== 0 || width % 4 !== 0) {
    throw new CliError(`images of ${height} by ${width} pixels: wanted sides that 4 divides`)
  }
  const start = [height / 4, width / 4, 64]
  const units = start.reduce((a, b) => a * b)
  return {
    generator: sequential(
      dense({ units, kernelInitializer, useBias: false }),
      batchNormalization({ momentum: 0.9 }),
      activation('relu'),
      reshape({ targetShape: start }),
      conv2dTranspose({ filters: 32, ...window, kernelInitializer, useBias: false }),
      batchNormalization({ momentum: 0.9 }),
      activation('relu'),
      conv2dTranspose({ filters: 1, ...window, kernelInitializer, activation: 'tanh' }),
    ),
    discriminator: sequential(
      conv2d({ filters: 32, ...window, kernelInitializer }),
      leakyRelu({ negativeSlope: 0.2 }),
      conv2d({ filters: 64, ...window, kernelInitializer }),
      leakyRelu({ negativeSlope: 0.2 }),
      flatten(),
      dense({ units: 1, kernelInitializer }),
    ),
  }
}
