import { type Approximation, emptyApproximation } from './approximation.ts'
import { addProduct, Summation } from './summation.ts'

/** `a [..., m, k] · b [..., k, n]` with equal leading axes. */
export function matmul(a: Approximation, b: Approximation): Approximation {
  const [m = 1, depth = 1] = a.shape.slice(-2)
  const n = b.shape.at(-1) ?? 1
  const result = emptyApproximation([...a.shape.slice(0, -2), m, n], a.dtype)
  for (let to = 0; to < result.values.length; to++) {
    const [batch, i, j] = [Math.floor(to / (m * n)), Math.floor(to / n) % m, to % n]
    const summation = new Summation(a.dtype)
    for (let k = 0; k < depth; k++) {
      addProduct(summation, a, (batch * m + i) * depth + k, b, (batch * depth + k) * n + j)
    }
    const { value, radius } = summation.result
    result.values[to] = value
    result.radii[to] = radius
  }
  return result
}
