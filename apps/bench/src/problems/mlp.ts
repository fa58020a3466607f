import type { UpdateRule } from './update-rule.ts'

/** The sizes of a network of two dense layers and of its batch. */
export interface MlpSizes {
  readonly batch: number
  readonly inputs: number
  readonly hidden: number
  readonly outputs: number
}

/** The trainable tensors of the network, row major. */
export interface MlpWeights {
  /** [inputs, hidden] */
  readonly w1: Float32Array
  /** [hidden] */
  readonly b1: Float32Array
  /** [hidden, outputs] */
  readonly w2: Float32Array
  /** [outputs] */
  readonly b2: Float32Array
}

/**
 * Training steps of dense → ReLU → dense on one batch, softmax cross entropy averaged over it:
 * forward, backward, update of all four weights; the loss is the result.
 */
export interface MlpProblem {
  readonly sizes: MlpSizes
  /** [batch, inputs] */
  readonly images: Float32Array
  /** Class of each sample. [batch] */
  readonly labels: Int32Array
  readonly weights: MlpWeights
  readonly update: UpdateRule
}
