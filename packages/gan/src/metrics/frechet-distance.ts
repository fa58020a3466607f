import {
  ArgumentError,
  formatShape,
  ShapeError,
  settleOptions,
  type Tensor,
} from '@tensorweft/core'
import { optionRules } from '@tensorweft/layers'
import { crossProducts, type Matrix, nuclearNorm, triangularFactor } from './dense-matrix.ts'

/** The means of features, and a factor F of their covariance: Fᵀ F. */
interface Moments {
  readonly mean: Float64Array
  readonly factor: Matrix
}

/**
 * How far two sets of features are from each other, as the Fréchet distance between the normal
 * distributions with their means μ and covariances Σ (with the divisor n − 1):
 * `|μ₁ − μ₂|² + tr(Σ₁ + Σ₂ − 2 (Σ₁ Σ₂)^½)`. It is 0 for equal sets. For features of generated and of
 * real samples, taken from a layer of a network that classifies them well, it is the usual measure of
 * a generator, and depends on that network: compare only with one and the same.
 *
 * Computed in double precision on the host. With Σ₁ = Aᵀ A and Σ₂ = Bᵀ B the trace of (Σ₁ Σ₂)^½ is the
 * sum of the singular values of A Bᵀ: no root of a rounded eigenvalue is taken, so that covariances may
 * be singular. The effort grows with the third power of the number of features. With fewer samples than
 * features, covariances are incomplete and the distance too large.
 *
 * Fréchet, "Sur la distance de deux lois de probabilité", 1957; Dowson, Landau, "The Fréchet distance
 * between multivariate normal distributions", 1982; Heusel et al., "GANs trained by a two time-scale
 * update rule converge to a local Nash equilibrium", 2017, equation 6.
 *
 * @param a Features [samples, features], at least two samples.
 * @param b Features [other samples, features].
 * @throws ArgumentError for what is no tensor or not finite, ShapeError for other shapes.
 * @example
 * ```ts
 * const a = tensor([[0, 0], [2, 0], [0, 2], [2, 2]])
 * await frechetDistance(a, a.add(3)) // 18
 * ```
 */
export async function frechetDistance(a: Tensor, b: Tensor): Promise<number> {
  const op = 'frechetDistance'
  settleOptions(op, { a, b }, { a: [optionRules.aTensor], b: [optionRules.aTensor] })
  const isTable = ({ shape: [samples = 0, features = 0], rank }: Tensor) =>
    rank === 2 && samples > 1 && features > 0
  if (!isTable(a) || !isTable(b) || a.shape[1] !== b.shape[1]) {
    throw new ShapeError(op, {
      got: `a is ${formatShape(a.shape)} and b is ${formatShape(b.shape)}`,
      wanted: '[samples, features] with the same features, and at least two samples each',
    })
  }
  const [one, other] = [await momentsOf(op, 'a', a), await momentsOf(op, 'b', b)]
  const shift = one.mean.reduce((sum, mean, i) => sum + (mean - (other.mean[i] ?? 0)) ** 2, 0)
  const variances = squares(one.factor) + squares(other.factor)
  const common = nuclearNorm(crossProducts(one.factor, other.factor))
  const distance = shift + variances - 2 * common
  // Rounding may leave it a little below.
  return distance < 0 ? 0 : distance
}

async function momentsOf(op: string, name: string, features: Tensor): Promise<Moments> {
  const [samples = 0, size = 0] = features.shape
  const values = Float64Array.from(await features.data())
  if (!values.every(Number.isFinite)) {
    throw new ArgumentError(op, { got: `${name} with NaN or Infinity`, wanted: 'finite features' })
  }
  const mean = new Float64Array(size)
  values.forEach((value, i) => {
    mean[i % size] = (mean[i % size] ?? 0) + value / samples
  })
  const scale = 1 / Math.sqrt(samples - 1)
  const deviations = values.map((value, i) => (value - (mean[i % size] ?? 0)) * scale)
  const table = { rows: samples, columns: size, values: deviations }
  return { mean, factor: samples > size ? triangularFactor(table) : table }
}

/** The trace of Fᵀ F. */
function squares({ values }: Matrix): number {
  return values.reduce((sum, value) => sum + value * value, 0)
}
