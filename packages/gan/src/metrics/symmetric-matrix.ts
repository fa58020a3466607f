/** A square matrix in double precision, row-major. */
export interface Matrix {
  readonly size: number
  readonly values: Float64Array
}

export interface Eigen {
  readonly values: Float64Array
  /** Column j belongs to value j. */
  readonly vectors: Matrix
}

export function product(a: Matrix, b: Matrix): Matrix {
  const { size } = a
  const values = new Float64Array(size * size)
  for (let i = 0; i < size; i++) {
    for (let k = 0; k < size; k++) {
      const factor = a.values[i * size + k] ?? 0
      for (let j = 0; j < size; j++) {
        values[i * size + j] = (values[i * size + j] ?? 0) + factor * (b.values[k * size + j] ?? 0)
      }
    }
  }
  return { size, values }
}

export function trace({ size, values }: Matrix): number {
  return Array.from({ length: size }, (_, i) => values[i * (size + 1)] ?? 0).reduce(
    (sum, value) => sum + value,
    0,
  )
}

/** The root of a symmetric matrix without negative eigenvalues: V √Λ Vᵀ. */
export function squareRoot(a: Matrix): Matrix {
  const { values, vectors } = eigenOf(a)
  const { size } = a
  const scaled = new Float64Array(size * size)
  const transposed = new Float64Array(size * size)
  for (let i = 0; i < size; i++) {
    for (let j = 0; j < size; j++) {
      const entry = vectors.values[i * size + j] ?? 0
      scaled[i * size + j] = entry * Math.sqrt(Math.max(0, values[j] ?? 0))
      transposed[j * size + i] = entry
    }
  }
  return product({ size, values: scaled }, { size, values: transposed })
}

/** Sweeps after which Jacobi's method, which converges quadratically, is far below the rounding. */
const maximumSweeps = 30

/**
 * Eigenvalues and eigenvectors of a symmetric matrix by Jacobi's cyclic method: plane rotations, each
 * of which makes one element off the diagonal zero. Golub, Van Loan, "Matrix computations", 8.5.
 */
export function eigenOf(a: Matrix): Eigen {
  const { size } = a
  const values = Float64Array.from(a.values)
  const vectors = new Float64Array(size * size)
  for (let i = 0; i < size; i++) vectors[i * (size + 1)] = 1
  const whole = squares(values, () => true)
  for (let sweep = 0; sweep < maximumSweeps; sweep++) {
    const rest = squares(values, (index) => index % (size + 1) !== 0)
    if (rest <= 1e-32 * whole) break
    for (let p = 0; p < size; p++) {
      for (let q = p + 1; q < size; q++) rotate(values, vectors, size, p, q)
    }
  }
  const diagonal = Float64Array.from({ length: size }, (_, i) => values[i * (size + 1)] ?? 0)
  return { values: diagonal, vectors: { size, values: vectors } }
}

function squares(values: Float64Array, isCounted: (index: number) => boolean): number {
  return values.reduce((sum, value, i) => (isCounted(i) ? sum + value * value : sum), 0)
}

/** Makes element (p, q) zero by a rotation of rows and columns p and q. */
function rotate(
  values: Float64Array,
  vectors: Float64Array,
  size: number,
  p: number,
  q: number,
): void {
  const at = (i: number, j: number) => values[i * size + j] ?? 0
  const off = at(p, q)
  if (off === 0) return
  const ratio = (at(q, q) - at(p, p)) / (2 * off)
  const tangent = Math.sign(ratio || 1) / (Math.abs(ratio) + Math.hypot(ratio, 1))
  const cosine = 1 / Math.hypot(tangent, 1)
  const sine = tangent * cosine
  for (let k = 0; k < size; k++) mix(values, k * size + p, k * size + q, cosine, sine)
  for (let k = 0; k < size; k++) mix(values, p * size + k, q * size + k, cosine, sine)
  for (let k = 0; k < size; k++) mix(vectors, k * size + p, k * size + q, cosine, sine)
}

function mix(values: Float64Array, i: number, j: number, cosine: number, sine: number): void {
  const [a = 0, b = 0] = [values[i], values[j]]
  values[i] = cosine * a - sine * b
  values[j] = sine * a + cosine * b
}
