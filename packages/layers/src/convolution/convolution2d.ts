import {
  formatShape,
  type Key,
  type Shape,
  ShapeError,
  type Tensor,
  type WindowPadding,
  zeros,
} from '@tensorweft/core'
import { type ActivationFunction, type ActivationName, activationOf } from '../activations/named.ts'
import { positiveInteger } from '../check-options.ts'
import { type HeightWidth, heightAndWidth, heightWidth } from '../height-width.ts'
import type { Initializer } from '../initializers/initializer.ts'
import type { InitializerName } from '../initializers/named.ts'
import { checkImageShape } from '../input-shape.ts'
import { WeightedLayer } from '../weighted-layer.ts'
import { windowPadding } from '../window-padding.ts'

/** What all convolutions of images are told. */
export interface Convolution2DOptions {
  /** Channels of the output. */
  readonly filters: number
  /** Size of the window. */
  readonly kernelSize: HeightWidth
  /** Steps of the window, by default 1. */
  readonly strides?: HeightWidth
  readonly padding?: WindowPadding
  /** Distance between the pixels that the window takes, by default 1. */
  readonly dilationRate?: HeightWidth
  /** By default `linear`, which changes nothing. */
  readonly activation?: ActivationFunction | ActivationName
  /** Whether a bias is added; by default it is. */
  readonly useBias?: boolean
  /** By default `glorotUniform`. */
  readonly kernelInitializer?: Initializer | InitializerName
  /** Of the bias [filters], by default `zeros`. */
  readonly biasInitializer?: Initializer | InitializerName
  /** In the model's tree of parameters; by default the type with a number. */
  readonly name?: string
}

type Pair = readonly [height: number, width: number]

/** What layers that convolve images have in common: a kernel, a bias and an activation. */
export abstract class Convolution2D extends WeightedLayer<
  Convolution2DOptions,
  'filters' | 'kernelSize' | 'strides' | 'padding' | 'dilationRate',
  'kernel',
  'bias'
> {
  readonly #activation: ActivationFunction
  protected readonly kernelSize: Pair
  protected readonly strides: Pair
  protected readonly dilations: Pair
  #inChannels = 0

  protected constructor(type: string, options: Convolution2DOptions) {
    super(
      type,
      options,
      {
        filters: [positiveInteger],
        kernelSize: [heightWidth],
        strides: [heightWidth, 1],
        padding: [windowPadding, 'valid'],
        dilationRate: [heightWidth, 1],
      },
      { kernel: 'glorotUniform', bias: 'zeros' },
    )
    this.kernelSize = heightAndWidth(this.options.kernelSize)
    this.strides = heightAndWidth(this.options.strides)
    this.dilations = heightAndWidth(this.options.dilationRate)
    const { activation = 'linear' } = options
    this.#activation = activationOf(type, activation)
  }

  /** The shape of the kernel for images of so many channels. */
  protected abstract kernelShape(inputShape: Shape, inChannels: number): Shape

  /** x [batch, height, width, inChannels], without bias and activation. */
  protected abstract convolve(x: Tensor, kernel: Tensor): Tensor

  /**
   * Makes the weights for images [height, width, inChannels] and returns
   * [outHeight, outWidth, filters]. A layer that was built for as many channels keeps its weights,
   * whatever the size of the images.
   *
   * @throws ShapeError for a shape that is none of images, or that the layer does not fit;
   * LayerError if the layer was built for other channels.
   */
  override build(inputShape: Shape, key: Key): Shape {
    const { filters, useBias } = this.options
    const [, , inChannels] = checkImageShape(this.type, inputShape)
    const kernel = this.kernelShape(inputShape, inChannels)
    // The op settles shapes when it is called; nothing is computed, as nothing is read.
    const output = this.convolve(zeros([1, ...inputShape]), zeros(kernel))
    this.makeWeights(inputShape, key, { kernel, bias: [filters] }, { bias: useBias })
    this.#inChannels = inChannels
    return output.shape.slice(1)
  }

  /** @param x [batch, height, width, inChannels] */
  override call(x: Tensor): Tensor {
    const { kernel, bias } = this.weights
    if (x.rank !== 4 || x.shape[3] !== this.#inChannels) {
      throw new ShapeError(this.type, {
        got: `x is ${formatShape(x.shape)} and the kernel ${formatShape(kernel.shape)}`,
        wanted: `x [batch, height, width, ${this.#inChannels}], as it was built`,
      })
    }
    const features = this.convolve(x, kernel.value)
    return this.#activation(bias === undefined ? features : features.add(bias.value))
  }
}
