/** Row major, float64. */
export interface Matrix {
  readonly rows: number
  readonly columns: number
  readonly values: Float64Array
}

export function matrix(rows: number, columns: number, values: ArrayLike<number>): Matrix {
  return { rows, columns, values: Float64Array.from(values) }
}

export function product(a: Matrix, b: Matrix): Matrix {
  const values = new Float64Array(a.rows * b.columns)
  for (let i = 0; i < a.rows; i++) {
    for (let k = 0; k < a.columns; k++) {
      const factor = a.values[i * a.columns + k] ?? 0
      for (let j = 0; j < b.columns; j++) {
        const place = i * b.columns + j
        values[place] = (values[place] ?? 0) + factor * (b.values[k * b.columns + j] ?? 0)
      }
    }
  }
  return { rows: a.rows, columns: b.columns, values }
}

export function transpose({ rows, columns, values }: Matrix): Matrix {
  const turned = values.map((_, i) => values[(i % rows) * columns + Math.floor(i / rows)] ?? 0)
  return { rows: columns, columns: rows, values: turned }
}

/** The same values in rows of another length. */
export function reshape({ values }: Matrix, rows: number): Matrix {
  return { rows, columns: values.length / rows, values }
}

export function addRow({ rows, columns, values }: Matrix, row: Matrix): Matrix {
  return { rows, columns, values: values.map((value, i) => value + (row.values[i % columns] ?? 0)) }
}

export function relu({ rows, columns, values }: Matrix): Matrix {
  return { rows, columns, values: values.map((value) => Math.max(value, 0)) }
}

/** `dy` where the activation let its input through, 0 elsewhere. */
export function where(activations: Matrix, { rows, columns, values }: Matrix): Matrix {
  const open = activations.values
  return { rows, columns, values: values.map((dy, i) => ((open[i] ?? 0) > 0 ? dy : 0)) }
}

export function columnSums({ columns, values }: Matrix): Matrix {
  const sums = new Float64Array(columns)
  values.forEach((value, i) => {
    sums[i % columns] = (sums[i % columns] ?? 0) + value
  })
  return { rows: 1, columns, values: sums }
}

/** Mean of `log Σ exp(logits) − logits[label]` and its gradient `(softmax − oneHot) / rows`. */
export function softmaxCrossEntropy(
  { rows, columns, values }: Matrix,
  labels: Int32Array,
): { loss: number; gradient: Matrix } {
  const gradient = new Float64Array(values.length)
  let loss = 0
  for (let row = 0; row < rows; row++) {
    const logits = values.subarray(row * columns, (row + 1) * columns)
    const label = labels[row] ?? 0
    const highest = Math.max(...logits)
    const logSum = highest + Math.log(logits.reduce((sum, x) => sum + Math.exp(x - highest), 0))
    loss += (logSum - (logits[label] ?? 0)) / rows
    logits.forEach((logit, j) => {
      const target = j === label ? 1 : 0
      gradient[row * columns + j] = (Math.exp(logit - logSum) - target) / rows
    })
  }
  return { loss, gradient: { rows, columns, values: gradient } }
}

/** `fn` of each value and its place. */
export function mapMatrix(
  { rows, columns, values }: Matrix,
  fn: (value: number, place: number) => number,
): Matrix {
  return { rows, columns, values: values.map((value, place) => fn(value, place)) }
}
