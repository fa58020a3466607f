/** A matrix whose rows are worked on one by one, float32. */
export interface RowsProblem {
  readonly rows: number
  readonly columns: number
  /** [rows, columns] */
  readonly x: Float32Array
}

/** Layer norm of each row, with scale and shift. */
export interface NormProblem extends RowsProblem {
  /** [columns] */
  readonly gamma: Float32Array
  /** [columns] */
  readonly beta: Float32Array
  readonly epsilon: number
}

/** Layer norm of each row, and its gradient. */
export interface LayerNormProblem extends NormProblem {
  /** The gradient by the result. [rows, columns] */
  readonly dy: Float32Array
}
