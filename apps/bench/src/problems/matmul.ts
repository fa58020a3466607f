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
