import type { AdamRule, MlpProblem } from '../problems.ts'

interface Matrix {
  readonly rows: number
  readonly columns: number
  readonly values: Float64Array
}

/** One trainable tensor with Adam's moments. */
interface TrainedMatrix extends Matrix {
  readonly firstMoment: Float64Array
  readonly secondMoment: Float64Array
}

/**
 * The loss of each of the first `steps` training steps, by plain loops in float64:
 * what every subject is held against.
 */
export function referenceLosses(problem: MlpProblem, steps: number): number[] {
  const { batch, inputs, hidden, outputs } = problem.sizes
  const images = matrix(batch, inputs, problem.images)
  const w1 = trained(inputs, hidden, problem.weights.w1)
  const b1 = trained(1, hidden, problem.weights.b1)
  const w2 = trained(hidden, outputs, problem.weights.w2)
  const b2 = trained(1, outputs, problem.weights.b2)
  const losses: number[] = []
  for (let step = 1; step <= steps; step++) {
    const activations = relu(addRow(product(images, w1), b1))
    const logits = addRow(product(activations, w2), b2)
    const { loss, gradient } = softmaxCrossEntropy(logits, problem.labels)
    const gradientHidden = where(activations, product(gradient, transpose(w2)))
    const gradients = [
      [w1, product(transpose(images), gradientHidden)],
      [b1, columnSums(gradientHidden)],
      [w2, product(transpose(activations), gradient)],
      [b2, columnSums(gradient)],
    ] as const
    for (const [weights, dy] of gradients) updateWeights(weights, dy.values, problem.update, step)
    losses.push(loss)
  }
  return losses
}

function matrix(rows: number, columns: number, values: ArrayLike<number>): Matrix {
  return { rows, columns, values: Float64Array.from(values) }
}

function trained(rows: number, columns: number, values: ArrayLike<number>): TrainedMatrix {
  const length = rows * columns
  return {
    ...matrix(rows, columns, values),
    firstMoment: new Float64Array(length),
    secondMoment: new Float64Array(length),
  }
}

function product(a: Matrix, b: Matrix): Matrix {
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

function transpose({ rows, columns, values }: Matrix): Matrix {
  const turned = values.map((_, i) => values[(i % rows) * columns + Math.floor(i / rows)] ?? 0)
  return { rows: columns, columns: rows, values: turned }
}

function addRow({ rows, columns, values }: Matrix, row: Matrix): Matrix {
  return { rows, columns, values: values.map((value, i) => value + (row.values[i % columns] ?? 0)) }
}

function relu({ rows, columns, values }: Matrix): Matrix {
  return { rows, columns, values: values.map((value) => Math.max(value, 0)) }
}

/** `dy` where the activation let its input through, 0 elsewhere. */
function where(activations: Matrix, { rows, columns, values }: Matrix): Matrix {
  const open = activations.values
  return { rows, columns, values: values.map((dy, i) => ((open[i] ?? 0) > 0 ? dy : 0)) }
}

function columnSums({ columns, values }: Matrix): Matrix {
  const sums = new Float64Array(columns)
  values.forEach((value, i) => {
    sums[i % columns] = (sums[i % columns] ?? 0) + value
  })
  return { rows: 1, columns, values: sums }
}

/** Mean of `log Σ exp(logits) − logits[label]` and its gradient `(softmax − oneHot) / rows`. */
function softmaxCrossEntropy(
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

function updateWeights(
  weights: TrainedMatrix,
  gradient: Float64Array,
  update: MlpProblem['update'],
  step: number,
): void {
  gradient.forEach((dy, i) => {
    const change = update.rule === 'sgd' ? dy : adamDirection(weights, i, dy, update, step)
    weights.values[i] = (weights.values[i] ?? 0) - update.learningRate * change
  })
}

function adamDirection(
  { firstMoment, secondMoment }: TrainedMatrix,
  i: number,
  dy: number,
  { beta1, beta2, epsilon }: AdamRule,
  step: number,
): number {
  const m = beta1 * (firstMoment[i] ?? 0) + (1 - beta1) * dy
  const v = beta2 * (secondMoment[i] ?? 0) + (1 - beta2) * dy * dy
  firstMoment[i] = m
  secondMoment[i] = v
  return m / (1 - beta1 ** step) / (Math.sqrt(v / (1 - beta2 ** step)) + epsilon)
}
