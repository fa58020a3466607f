/** Many calls on arrays so small that only the cost of the call itself remains. */
export interface CallsProblem {
  /** Of the same length as `b`. */
  readonly a: Float32Array
  readonly b: Float32Array
  /** Calls in one step. */
  readonly calls: number
}
