/** Of the operands; sums are float32 in any case. */
export type MatmulDType = 'float32' | 'float16'

/** One matrix product, row major. */
export interface MatmulProblem {
  /** Both operands are of that dtype; their values are such that it has them exactly. */
  readonly dtype: MatmulDType
  readonly rows: number
  readonly inner: number
  readonly columns: number
  /** [rows, inner] */
  readonly a: Float32Array
  /** [inner, columns] */
  readonly b: Float32Array
}
