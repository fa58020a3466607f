import { columnSums, type Matrix, mapMatrix } from './matrix.ts'

/** Each column with mean 0 and variance 1, then scaled and shifted; and what the gradient needs. */
export interface BatchNorm {
  readonly normal: Matrix
  /** 1 / standard deviation of each column. */
  readonly inverse: Float64Array
  readonly output: Matrix
}

/** By the mean and the variance of the rows. `gamma`, `beta`: [1, columns]. */
export function batchNorm(x: Matrix, gamma: Matrix, beta: Matrix, epsilon: number): BatchNorm {
  const column = (i: number) => i % x.columns
  const mean = columnSums(x).values.map((sum) => sum / x.rows)
  const centred = mapMatrix(x, (value, i) => value - (mean[column(i)] ?? 0))
  const squares = columnSums(mapMatrix(centred, (value) => value * value))
  const inverse = squares.values.map((sum) => 1 / Math.sqrt(sum / x.rows + epsilon))
  const normal = mapMatrix(centred, (value, i) => value * (inverse[column(i)] ?? 0))
  const output = mapMatrix(
    normal,
    (value, i) => value * (gamma.values[column(i)] ?? 0) + (beta.values[column(i)] ?? 0),
  )
  return { normal, inverse, output }
}

/** The gradients by `x`, `gamma` and `beta`. */
export function batchNormGradients({ normal, inverse }: BatchNorm, gamma: Matrix, dy: Matrix) {
  const column = (i: number) => i % dy.columns
  const dbeta = columnSums(dy)
  const dgamma = columnSums(mapMatrix(dy, (value, i) => value * (normal.values[i] ?? 0)))
  const dx = mapMatrix(dy, (value, i) => {
    const c = column(i)
    const along = (normal.values[i] ?? 0) * (dgamma.values[c] ?? 0)
    const others = ((dbeta.values[c] ?? 0) + along) / dy.rows
    return (gamma.values[c] ?? 0) * (inverse[c] ?? 0) * (value - others)
  })
  return { dx, dgamma, dbeta }
}
