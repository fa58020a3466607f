import type { LayerNormProblem, NormProblem, RowsProblem } from '../../problems/rows.ts'

/** Softmax of one row, in float64. */
export function softmaxRow({ columns, x }: RowsProblem, row: number): Float64Array {
  const values = Float64Array.from(x.subarray(row * columns, (row + 1) * columns))
  const highest = values.reduce((a, b) => Math.max(a, b))
  const exponentials = values.map((value) => Math.exp(value - highest))
  const sum = exponentials.reduce((a, b) => a + b)
  return exponentials.map((value) => value / sum)
}

/** Layer norm of one row, in float64. */
export function layerNormRow(problem: NormProblem, row: number): Float64Array {
  const { gamma, beta } = problem
  const { normal } = standardized(problem, row)
  return normal.map((value, j) => value * (gamma[j] ?? 0) + (beta[j] ?? 0))
}

/**
 * Layer norm and its gradients in float64, one after the other: y and dx [rows, columns], dgamma
 * and dbeta [columns].
 */
export function layerNormResults(problem: LayerNormProblem): Float64Array {
  const { rows, columns, gamma, beta, dy } = problem
  const size = rows * columns
  const results = new Float64Array(2 * size + 2 * columns)
  const dgamma = results.subarray(2 * size, 2 * size + columns)
  const dbeta = results.subarray(2 * size + columns)
  for (let row = 0; row < rows; row++) {
    const start = row * columns
    const { normal, scale } = standardized(problem, row)
    const dnormal = normal.map((_, j) => (dy[start + j] ?? 0) * (gamma[j] ?? 0))
    const meanOfGradient = mean(dnormal)
    const meanAlongNormal = mean(dnormal.map((value, j) => value * (normal[j] ?? 0)))
    normal.forEach((value, j) => {
      const incoming = dy[start + j] ?? 0
      results[start + j] = value * (gamma[j] ?? 0) + (beta[j] ?? 0)
      results[size + start + j] =
        scale * ((dnormal[j] ?? 0) - meanOfGradient - value * meanAlongNormal)
      dgamma[j] = (dgamma[j] ?? 0) + incoming * value
      dbeta[j] = (dbeta[j] ?? 0) + incoming
    })
  }
  return results
}

/** One row with mean 0 and variance 1, and 1 / its standard deviation. */
function standardized({ columns, x, epsilon }: NormProblem, row: number) {
  const values = Float64Array.from(x.subarray(row * columns, (row + 1) * columns))
  const centre = mean(values)
  const centred = values.map((value) => value - centre)
  const scale = 1 / Math.sqrt(mean(centred.map((value) => value * value)) + epsilon)
  return { normal: centred.map((value) => value * scale), scale }
}

function mean(values: Float64Array): number {
  return values.reduce((a, b) => a + b) / values.length
}
