import type { UpdateRule } from './update-rule.ts'

/**
 * The sizes of convolution → ReLU → max pool, twice, and a dense layer; images have one channel.
 * Filters are 3×3 and padded to keep the size, pools halve it: height and width divide by 4.
 */
export interface CnnSizes {
  readonly batch: number
  readonly height: number
  readonly width: number
  /** Filters of the first and of the second convolution. */
  readonly filters1: number
  readonly filters2: number
  readonly outputs: number
}

/** The trainable tensors of the network, row major. */
export interface CnnWeights {
  /** [3, 3, 1, filters1] */
  readonly f1: Float32Array
  /** [filters1] */
  readonly b1: Float32Array
  /** [3, 3, filters1, filters2] */
  readonly f2: Float32Array
  /** [filters2] */
  readonly b2: Float32Array
  /** [height / 4 · width / 4 · filters2, outputs] */
  readonly w3: Float32Array
  /** [outputs] */
  readonly b3: Float32Array
}

/** The network with a batch of images: the forward pass computes the logits [batch, outputs]. */
export interface CnnProblem {
  readonly sizes: CnnSizes
  /** [batch, height, width, 1] */
  readonly images: Float32Array
  readonly weights: CnnWeights
}

/** Training steps on that batch, as those of the network of dense layers. */
export interface CnnTrainingProblem extends CnnProblem {
  /** Class of each sample. [batch] */
  readonly labels: Int32Array
  readonly update: UpdateRule
}

/** Rows of the dense layer's weights: the elements of one image after the second pool. */
export function flatSize({ height, width, filters2 }: CnnSizes): number {
  return (height / 4) * (width / 4) * filters2
}
