/** One matrix product, float32, row major. */
export interface MatmulProblem {
  readonly rows: number
  readonly inner: number
  readonly columns: number
  /** [rows, inner] */
  readonly a: Float32Array
  /** [inner, columns] */
  readonly b: Float32Array
}

/** Plain gradient descent: `w ← w − learningRate · g`. */
export interface SgdRule {
  readonly rule: 'sgd'
  readonly learningRate: number
}

/**
 * Adam (Kingma and Ba, algorithm 1):
 * `w ← w − learningRate · m̂ / (√v̂ + epsilon)` with bias-corrected moments.
 */
export interface AdamRule {
  readonly rule: 'adam'
  readonly learningRate: number
  readonly beta1: number
  readonly beta2: number
  readonly epsilon: number
}

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
 * forward, backward, update of all four weights, loss read.
 */
export interface MlpProblem {
  readonly sizes: MlpSizes
  /** [batch, inputs] */
  readonly images: Float32Array
  /** Class of each sample. [batch] */
  readonly labels: Int32Array
  readonly weights: MlpWeights
  readonly update: SgdRule | AdamRule
}

/** Labels as rows with a single one. [batch, outputs] */
export function oneHotLabels({ sizes, labels }: MlpProblem): Float32Array {
  const rows = new Float32Array(sizes.batch * sizes.outputs)
  labels.forEach((label, sample) => {
    rows[sample * sizes.outputs + label] = 1
  })
  return rows
}
