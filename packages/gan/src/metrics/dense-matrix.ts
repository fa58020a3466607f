/** A matrix in double precision, row-major. */
export interface Matrix {
  readonly rows: number
  readonly columns: number
  readonly values: Float64Array
}

function rowsOf({ rows, columns, values }: Matrix): Float64Array[] {
  return Array.from({ length: rows }, (_, i) => values.subarray(i * columns, (i + 1) * columns))
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0
  for (let i = 0; i < a.length; i++) sum += (a[i] ?? 0) * (b[i] ?? 0)
  return sum
}

/** A Bᵀ [rows of A, rows of B] of matrices with the same columns. */
export function crossProducts(a: Matrix, b: Matrix): Matrix {
  const others = rowsOf(b)
  const values = rowsOf(a).flatMap((row) => others.map((other) => dot(row, other)))
  return { rows: a.rows, columns: b.rows, values: Float64Array.from(values) }
}

function transpose({ rows, columns, values }: Matrix): Matrix {
  const moved = values.map((_, i) => values[(i % rows) * columns + Math.floor(i / rows)] ?? 0)
  return { rows: columns, columns: rows, values: moved }
}

/** Squares below this have lost bits: columns so short count as 0. */
const shortestSquare = 1e-290

/**
 * R [columns, columns], upper triangular, with Rᵀ R = Aᵀ A, by the modified Gram-Schmidt method, whose R
 * is as good as any where columns depend on each other, too. Golub, Van Loan, "Matrix computations", 5.2.
 */
export function triangularFactor(a: Matrix): Matrix {
  const size = a.columns
  const columns = rowsOf(transpose(a))
  const values = new Float64Array(size * size)
  columns.forEach((column, k) => {
    const square = dot(column, column)
    if (square < shortestSquare) return
    const length = Math.sqrt(square)
    values[k * size + k] = length
    for (let i = 0; i < column.length; i++) column[i] = (column[i] ?? 0) / length
    for (let j = k + 1; j < size; j++) {
      const other = columns[j] ?? column
      const share = dot(column, other)
      values[k * size + j] = share
      for (let i = 0; i < other.length; i++) {
        other[i] = (other[i] ?? 0) - (column[i] ?? 0) * share
      }
    }
  })
  return { rows: size, columns: size, values }
}

/** Sweeps after which Jacobi's method, which converges quadratically, is far below the rounding. */
const maximumSweeps = 30

/**
 * The sum of all singular values, by one-sided Jacobi rotations: they turn pairs of rows until all rows
 * are at right angles, and their lengths are the singular values. Those below 1e-145, whose squares
 * underflow, lose bits. Golub, Van Loan, "Matrix computations", 8.6.
 */
export function nuclearNorm(a: Matrix): number {
  const rows = rowsOf({ ...a, values: a.values.slice() })
  const negligible = 1e-32 * dot(a.values, a.values)
  for (let sweep = 0, isDone = false; sweep < maximumSweeps && !isDone; sweep++) {
    isDone = true
    rows.forEach((row, p) => {
      for (const other of rows.slice(p + 1)) if (turn(row, other, negligible)) isDone = false
    })
  }
  return rows.reduce((sum, row) => sum + Math.sqrt(dot(row, row)), 0)
}

/** Puts two rows at right angles; false where they are, or where one of them counts for nothing. */
function turn(a: Float64Array, b: Float64Array, negligible: number): boolean {
  const [ofA, ofB, both] = [dot(a, a), dot(b, b), dot(a, b)]
  if (Math.min(ofA, ofB) <= negligible || Math.abs(both) <= 1e-15 * Math.sqrt(ofA * ofB)) {
    return false
  }
  const ratio = (ofB - ofA) / (2 * both)
  const tangent = Math.sign(ratio || 1) / (Math.abs(ratio) + Math.hypot(ratio, 1))
  const cosine = 1 / Math.hypot(tangent, 1)
  const sine = tangent * cosine
  for (let i = 0; i < a.length; i++) {
    const [x = 0, y = 0] = [a[i], b[i]]
    a[i] = cosine * x - sine * y
    b[i] = sine * x + cosine * y
  }
  return true
}
