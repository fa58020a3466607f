import {
  ArgumentError,
  type ConvOptions,
  conv2d as convolve,
  formatShape,
  type Key,
  Layer,
  type LayerConfig,
  LayerError,
  Parameter,
  type ParameterTree,
  type Shape,
  ShapeError,
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

export interface Conv2DOptions {
  /** Channels of the output. */
  readonly filters: number
  /** Size of the window. */
  readonly kernelSize: HeightWidth
  /** Steps of the window, by default 1. */
  readonly strides?: HeightWidth
  /** None (`valid`, the default), so that sizes become ⌈size / stride⌉ (`same`), or as given. */
  readonly padding?: WindowPadding
  /** Distance between the pixels that the window takes, by default 1. */
  readonly dilationRate?: HeightWidth
  /** Blocks of channels that are convolved apart from each other, by default 1. */
  readonly groups?: number
  /** By default `linear`, which changes nothing. */
  readonly activation?: ActivationFunction | ActivationName
  /** Whether a bias is added; by default it is. */
  readonly useBias?: boolean
  /** Of the kernel [height, width, inChannels / groups, filters], by default `glorotUniform`. */
  readonly kernelInitializer?: Initializer | InitializerName
  /** Of the bias [filters], by default `zeros`. */
  readonly biasInitializer?: Initializer | InitializerName
  /** In the model's tree of parameters; by default `conv2d`, `conv2d_1`, … */
  readonly name?: string
}

/** Convolution of images; `conv2d` makes one. */
export class Conv2D extends Layer {
  readonly #options: Conv2DOptions
  readonly #kernelSize: readonly [height: number, width: number]
  readonly #window: ConvOptions
  readonly #groups: number
  readonly #activation: ActivationFunction
  readonly #kernelInitializer: Initializer
  readonly #biasInitializer: Initializer
  #kernel: Parameter | undefined
  #bias: Parameter | undefined

  constructor(options: Conv2DOptions) {
    super()
    const { filters, strides = 1, padding = 'valid', dilationRate = 1, groups = 1 } = options
    const { activation, kernelInitializer, biasInitializer } = options
    checkFilters(filters, groups)
    this.#options = options
    this.#kernelSize = heightAndWidth('conv2d', 'kernelSize', options.kernelSize)
    this.#window = {
      strides: heightAndWidth('conv2d', 'strides', strides),
      padding,
      dilations: heightAndWidth('conv2d', 'dilationRate', dilationRate),
      groups,
    }
    this.#groups = groups
    this.#activation = activationOf('conv2d', activation ?? 'linear')
    this.#kernelInitializer = initializerOf('conv2d', kernelInitializer ?? 'glorotUniform')
    this.#biasInitializer = initializerOf('conv2d', biasInitializer ?? 'zeros')
  }

  /**
   * Makes the weights for images [height, width, inChannels] and returns
   * [outHeight, outWidth, filters]. A layer that was built for as many channels keeps its weights,
   * whatever the size of the images.
   *
   * @throws ShapeError for a shape that is none of images, that the window does not fit or whose
   * channels the groups do not divide; LayerError if the layer was built for other channels.
   */
  override build(inputShape: Shape, key: Key): Shape {
    const [, , inChannels] = checkImageShape('conv2d', inputShape)
    const kernelShape = this.#kernelShape(inputShape, inChannels)
    // The op settles shapes when it is called; nothing is computed, as nothing is read.
    const output = convolve(zeros([1, ...inputShape]), zeros(kernelShape), this.#window)
    if (this.#kernel === undefined) this.#makeWeights(kernelShape, key)
    else if (this.#kernel.shape[2] !== kernelShape[2]) {
      throw new LayerError('conv2d', {
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
      throw new LayerError('conv2d', {
        got: 'images before it was built',
        hint: 'call build(inputShape, key) of the model first',
      })
    }
    const inChannels = (kernel.shape[2] ?? 0) * this.#groups
    if (x.rank !== 4 || x.shape[3] !== inChannels) {
      throw new ShapeError('conv2d', {
        got: `x is ${formatShape(x.shape)} and the kernel ${formatShape(kernel.shape)}`,
        wanted: `x [batch, height, width, ${inChannels}], as it was built`,
      })
    }
    const features = convolve(x, kernel.value, this.#window)
    return this.#activation(this.#bias === undefined ? features : features.add(this.#bias.value))
  }

  override get parameters(): ParameterTree {
    return {
      ...(this.#kernel && { kernel: this.#kernel }),
      ...(this.#bias && { bias: this.#bias }),
    }
  }

  override get config(): LayerConfig {
    return { type: 'conv2d', ...this.#options }
  }

  #kernelShape(inputShape: Shape, inChannels: number): Shape {
    if (inChannels % this.#groups !== 0) {
      throw new ShapeError('conv2d', {
        got: `inputs of shape ${formatShape(inputShape)} for ${this.#groups} groups`,
        wanted: 'a number of channels that the groups divide',
      })
    }
    return [...this.#kernelSize, inChannels / this.#groups, this.#options.filters]
  }

  #makeWeights(kernelShape: Shape, key: Key): void {
    const { filters, useBias = true } = this.#options
    const [kernelKey = key, biasKey = key] = splitKey(key, 2)
    const kernel = this.#kernelInitializer(kernelShape, kernelKey)
    const bias = this.#biasInitializer([filters], biasKey)
    this.#kernel = new Parameter(kernel, { name: 'kernel' })
    if (useBias) this.#bias = new Parameter(bias, { name: 'bias' })
  }
}

function checkFilters(filters: number, groups: number): void {
  if (!Number.isSafeInteger(filters) || filters < 1) {
    throw new ArgumentError('conv2d', { got: `filters ${filters}`, wanted: 'a positive integer' })
  }
  if (!Number.isSafeInteger(groups) || groups < 1 || filters % groups !== 0) {
    throw new ArgumentError('conv2d', {
      got: `groups ${groups} for ${filters} filters`,
      wanted: 'a positive integer that divides the filters',
    })
  }
}

/**
 * A layer that convolves images [batch, height, width, inChannels] with trained filters:
 * `activation(x ∗ kernel + bias)`, giving [batch, outHeight, outWidth, filters]. As everywhere in
 * deep learning the kernel is not flipped.
 *
 * @throws ArgumentError for options out of range, or unknown names.
 * @example
 * ```ts
 * const layer = conv2d({ filters: 1, kernelSize: [1, 2], kernelInitializer: 'ones' })
 * layer.build([1, 3, 1], key(0)) // [1, 2, 1]
 * await layer.apply(tensor([1, 2, 3]).reshape([1, 1, 3, 1])).reshape([2]).array() // [3, 5]
 * ```
 */
export function conv2d(options: Conv2DOptions): Conv2D {
  return new Conv2D(options)
}
