import {
  eye,
  formatShape,
  type Key,
  randomNormal,
  ShapeError,
  sizeOf,
  type Tensor,
} from '@tensorweft/core'
import type { GainOptions } from './identity.ts'
import type { Initializer } from './initializer.ts'

/** Least singular value that is counted on, relative to the size of the matrix. */
const leastValue = 1e-7

/**
 * Weights [..., columns] which as a matrix have orthonormal columns, or rows if there are more
 * columns, times `gain`; uniformly distributed among those. Saxe, McClelland, Ganguli: "Exact
 * solutions to the nonlinear dynamics of learning in deep linear neural networks", 2014.
 *
 * @throws ShapeError from the initialiser for shapes of less than two axes.
 */
export function orthogonal({ gain = 1 }: GainOptions = {}): Initializer {
  return (shape, key) => {
    const columns = shape.at(-1)
    if (columns === undefined || shape.length < 2) {
      throw new ShapeError('orthogonal', {
        got: `weights ${formatShape(shape)}`,
        wanted: 'at least two axes',
      })
    }
    const rows = sizeOf(shape.slice(0, -1))
    const factor =
      rows < columns
        ? orthonormal([columns, rows], key).transpose()
        : orthonormal([rows, columns], key)
    return factor.mul(gain).reshape(shape)
  }
}

/**
 * The factor Q of a random normal matrix A [rows, columns], rows ≥ columns, in its polar
 * decomposition Q · √(Aᵀ A): A with all singular values brought to 1, by polynomials of A alone.
 * Each step x (3 ρ − ρ³ x²) / 2 lifts the least value the most that still maps [least, 1] into
 * itself. Chen, Chow: "A stable scaling of Newton–Schulz for improving the sign function
 * computation of a Hermitian matrix", 2014.
 */
function orthonormal([rows, columns]: readonly [number, number], key: Key): Tensor {
  const drawn = randomNormal(key, [rows, columns])
  // By the Frobenius norm no singular value is above 1.
  let x = drawn.div(drawn.square().sum().sqrt())
  for (const scale of stepScales(rows, columns)) {
    const square = x.transpose().matmul(x)
    const step = eye(columns)
      .mul(1.5 * scale)
      .sub(square.mul(0.5 * scale ** 3))
    x = x.matmul(step)
  }
  return x
}

/** ρ of each step until even the least singular value is 1 to float32. */
function stepScales(rows: number, columns: number): number[] {
  const expected = (Math.sqrt(rows) - Math.sqrt(columns)) / Math.sqrt(rows * columns)
  const scales: number[] = []
  // A quarter of what large matrices have; square ones come close to being singular.
  let least = Math.max(leastValue, expected / 4)
  while (1 - least > 1e-9) {
    const scale = Math.sqrt(3 / (1 + least + least ** 2))
    scales.push(scale)
    least = 0.5 * scale * least * (3 - (scale * least) ** 2)
  }
  // For values below the expected.
  return [...scales, 1, 1]
}
