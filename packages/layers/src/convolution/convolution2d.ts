import {
  ArgumentError,
  formatShape,
  type Key,
  Layer,
  type LayerConfig,
  LayerError,
  Parameter,
  type ParameterTree,
  type Shape,
  ShapeError,
  sameShape,
  splitKey,
  type Tensor,
  type WindowPadding,
  zeros,
} from '@tensorweft/core'
import { type ActivationFunction, type ActivationName, activationOf } from '../activations/named.ts'
import { type HeightWidth, heightAndWidth } from '../height-width.ts'
import { checkImageShape } from '../image-shape.ts'
import type { Initializer } from '../initializers/initializer.ts'
import { type InitializerName, initializerOf } from '../initializers/named.ts'

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
export abstract class Convolution2D extends Layer {
  readonly #type: string
  readonly #options: Convolution2DOptions
  readonly #activation: ActivationFunction
  readonly #kernelInitializer: Initializer
  readonly #biasInitializer: Initializer
  protected readonly kernelSize: Pair
  protected readonly strides: Pair
  protected readonly dilations: Pair
  #inChannels = 0
  #kernel: Parameter | undefined
  #bias: Parameter | undefined

  protected constructor(type: string, options: Convolution2DOptions) {
    super()
    const { filters, strides = 1, dilationRate = 1 } = options
    if (!Number.isSafeInteger(filters) || filters < 1) {
      throw new ArgumentError(type, { got: `filters ${filters}`, wanted: 'a positive integer' })
    }
    this.#type = type
    this.#options = options
    this.kernelSize = heightAndWidth(type, 'kernelSize', options.kernelSize)
    this.strides = heightAndWidth(type, 'strides', strides)
    this.dilations = heightAndWidth(type, 'dilationRate', dilationRate)
    this.#activation = activationOf(type, options.activation ?? 'linear')
    this.#kernelInitializer = initializerOf(type, options.kernelInitializer ?? 'glorotUniform')
    this.#biasInitializer = initializerOf(type, options.biasInitializer ?? 'zeros')
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
    const [, , inChannels] = checkImageShape(this.#type, inputShape)
    const kernelShape = this.kernelShape(inputShape, inChannels)
    // The op settles shapes when it is called; nothing is computed, as nothing is read.
    const output = this.convolve(zeros([1, ...inputShape]), zeros(kernelShape))
    if (this.#kernel === undefined) this.#makeWeights(kernelShape, inChannels, key)
    else if (!sameShape(this.#kernel.shape, kernelShape)) {
      throw new LayerError(this.#type, {
        got: `build for images ${formatShape(inputShape)} after a kernel ${formatShape(this.#kernel.shape)} was made`,
        wanted: 'one number of input channels',
        hint: 'make another layer',
      })
    }
    return output.shape.slice(1)
  }

  /** @param x [batch, height, width, inChannels] */
  override call(x: Tensor): Tensor {
    const kernel = this.#kernel
    if (kernel === undefined) {
      throw new LayerError(this.#type, {
        got: 'images before it was built',
        hint: 'call build(inputShape, key) of the model first',
      })
    }
    if (x.rank !== 4 || x.shape[3] !== this.#inChannels) {
      throw new ShapeError(this.#type, {
        got: `x is ${formatShape(x.shape)} and the kernel ${formatShape(kernel.shape)}`,
        wanted: `x [batch, height, width, ${this.#inChannels}], as it was built`,
      })
    }
    const features = this.convolve(x, kernel.value)
    return this.#activation(this.#bias === undefined ? features : features.add(this.#bias.value))
  }

  override get parameters(): ParameterTree {
    return {
      ...(this.#kernel && { kernel: this.#kernel }),
      ...(this.#bias && { bias: this.#bias }),
    }
  }

  override get config(): LayerConfig {
    return { type: this.#type, ...this.#options }
  }

  #makeWeights(kernelShape: Shape, inChannels: number, key: Key): void {
    const { filters, useBias = true } = this.#options
    const [kernelKey = key, biasKey = key] = splitKey(key, 2)
    const kernel = this.#kernelInitializer(kernelShape, kernelKey)
    const bias = this.#biasInitializer([filters], biasKey)
    this.#inChannels = inChannels
    this.#kernel = new Parameter(kernel, { name: 'kernel' })
    if (useBias) this.#bias = new Parameter(bias, { name: 'bias' })
  }
}
