import { formatShape, ShapeError, settleOptions, type Tensor } from '@tensorweft/core'
import { aTensor } from '../check-options.ts'
import { eigenOf, type Matrix, product, squareRoot, trace } from './symmetric-matrix.ts'

/** Means [features] and covariances [features, features] of features. */
interface Moments {
  readonly mean: Float64Array
  readonly covariance: Matrix
}

/**
 * How far two sets of features are from each other, as the Fréchet distance between the normal
 * distributions with their means μ and covariances Σ (with the divisor n − 1):
 * `|μ₁ − μ₂|² + tr(Σ₁ + Σ₂ − 2 (Σ₁ Σ₂)^½)`. It is 0 for equal sets. For features of generated and of
 * real samples, taken from a layer of a network that classifies them well, it is the usual measure of
 * a generator, and depends on that network: compare only with one and the same.
 *
 * Computed in double precision on the host: (Σ₁ Σ₂)^½ has the trace of (Σ₁^½ Σ₂ Σ₁^½)^½, the root of a
 * symmetric matrix. The effort grows with the third power of the number of features. With fewer samples
 * than features, covariances are incomplete and the distance too large.
 *
 * Fréchet, "Sur la distance de deux lois de probabilité", 1957; Dowson, Landau, "The Fréchet distance
 * between multivariate normal distributions", 1982; Heusel et al., "GANs trained by a two time-scale
 * update rule converge to a local Nash equilibrium", 2017, equation 6.
 *
 * @param a Features [samples, features], at least two samples.
 * @param b Features [other samples, features].
 * @throws ArgumentError for what is no tensor, ShapeError for other shapes.
 * @example
 * ```ts
 * const a = tensor([[0, 0], [2, 0], [0, 2], [2, 2]])
 * await frechetDistance(a, a.add(3)) // 18
 * ```
 */
export async function frechetDistance(a: Tensor, b: Tensor): Promise<number> {
  const op = 'frechetDistance'
  settleOptions(op, { a, b }, { a: [aTensor], b: [aTensor] })
  const isTable = ({ shape: [samples = 0, features = 0], rank }: Tensor) =>
    rank === 2 && samples > 1 && features > 0
  if (!isTable(a) || !isTable(b) || a.shape[1] !== b.shape[1]) {
    throw new ShapeError(op, {
      got: `a is ${formatShape(a.shape)} and b is ${formatShape(b.shape)}`,
      wanted: '[samples, features] with the same features, and at least two samples each',
    })
  }
  const [one, other] = [await momentsOf(a), await momentsOf(b)]
  const shift = one.mean.reduce((sum, mean, i) => sum + (mean - (other.mean[i] ?? 0)) ** 2, 0)
  const root = squareRoot(one.covariance)
  const { values } = eigenOf(symmetric(product(product(root, other.covariance), root)))
  const common = values.reduce((sum, value) => sum + Math.sqrt(Math.max(0, value)), 0)
  const distance = shift + trace(one.covariance) + trace(other.covariance) - 2 * common
  // Rounding may leave it a little below.
  return distance < 0 ? 0 : distance
}

async function momentsOf(features: Tensor): Promise<Moments> {
  const [samples = 0, size = 0] = features.shape
  const data = Float64Array.from(await features.data())
  const mean = new Float64Array(size)
  data.forEach((value, i) => {
    mean[i % size] = (mean[i % size] ?? 0) + value / samples
  })
  const values = new Float64Array(size * size)
  for (let sample = 0; sample < samples; sample++) {
    const row = data.subarray(sample * size, (sample + 1) * size)
    row.forEach((value, j) => {
      row[j] = value - (mean[j] ?? 0)
    })
    for (let i = 0; i < size; i++) {
      const deviation = (row[i] ?? 0) / (samples - 1)
      for (let j = 0; j < size; j++) {
        values[i * size + j] = (values[i * size + j] ?? 0) + deviation * (row[j] ?? 0)
      }
    }
  }
  return { mean, covariance: { size, values } }
}

/** Without what rounding made of the symmetry. */
function symmetric({ size, values }: Matrix): Matrix {
  const both = values.map(
    (value, index) => (value + (values[(index % size) * size + Math.floor(index / size)] ?? 0)) / 2,
  )
  return { size, values: both }
}
