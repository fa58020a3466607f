import {
  ArgumentError,
  type DType,
  formatShape,
  oneHot,
  ShapeError,
  type Tensor,
  tensor,
  where,
} from '@tensorweft/core'

/** How much the loss of a class counts, by its number; that of other classes counts 1. */
export type ClassWeight = Readonly<Record<number, number>>

/** @throws ArgumentError for what is no class number, or no weight. */
export function checkClassWeight(op: string, weights: ClassWeight): void {
  for (const [name, weight] of Object.entries(weights)) {
    const isClass = Number.isSafeInteger(Number(name)) && Number(name) >= 0
    if (isClass && Number.isFinite(weight) && weight >= 0) continue
    throw new ArgumentError(op, {
      got: `classWeight ${weight} for class ${name}`,
      wanted: 'class numbers and finite weights from 0',
    })
  }
}

/**
 * The weights of samples by their labels: class numbers [batch] or [batch, 1], or one-hot
 * [batch, classes]. Gives [batch].
 *
 * @throws ShapeError for labels of another form.
 */
export function weightsByClass(labels: Tensor<DType>, weights: ClassWeight): Tensor {
  const classes = classesOf(labels)
  const count = 1 + Math.max(-1, ...Object.keys(weights).map(Number))
  const table = Array.from({ length: count }, (_, i) => weights[i] ?? 1)
  const chosen = oneHot(classes, count).mul(tensor(table)).sum(-1)
  // Classes beyond the table have a row of zeros.
  return where(classes.less(count), chosen, 1)
}

function classesOf(labels: Tensor<DType>): Tensor<'int32'> {
  const [batch = 0, width = 1] = labels.shape
  if (labels.rank === 1 || (labels.rank === 2 && width === 1)) {
    return labels.cast('int32').reshape([batch])
  }
  if (labels.rank === 2) return labels.cast('float32').argMax()
  throw new ShapeError('classWeight', {
    got: `labels ${formatShape(labels.shape)}`,
    wanted: 'class numbers [batch] or one-hot [batch, classes]',
    hint: 'give sampleWeight with the data',
  })
}
