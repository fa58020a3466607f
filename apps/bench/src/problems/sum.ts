/** All values added up, float32. */
export interface SumProblem {
  readonly values: Float32Array
}
