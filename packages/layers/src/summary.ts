import { formatShape, type ParameterTree, type Shape, sizeOf } from '@tensorweft/core'
import { namedParameters } from './weights/named-parameters.ts'

/** One layer as a summary shows it. */
export interface SummaryRow {
  readonly name: string
  readonly type: string
  /** Without the batch axis. */
  readonly outputShape: Shape
  readonly variables: ParameterTree
}

/** A table of layers with their output shapes and numbers of weights. */
export function formatSummary(rows: readonly SummaryRow[], variables: ParameterTree): string {
  const head = ['Layer', 'Type', 'Output shape', 'Weights']
  const body = rows.map(({ name, type, outputShape, variables }) => [
    name,
    type,
    formatShape(outputShape).replace(/^\[(?=.)/, outputShape.length > 0 ? '[batch, ' : '[batch'),
    formatCount(countWeights(variables).all),
  ])
  const widths = head.map((_, column) =>
    Math.max(...[head, ...body].map((row) => row[column]?.length ?? 0)),
  )
  const lines = [head, ...body].map((row) =>
    row
      .map((cell, column) =>
        column === row.length - 1
          ? cell.padStart(widths[column] ?? 0)
          : cell.padEnd(widths[column] ?? 0),
      )
      .join('  '),
  )
  const { all, trainable } = countWeights(variables)
  const total = `Weights: ${formatCount(all)}, of which ${formatCount(trainable)} are trained`
  return [...lines, total].join('\n')
}

function countWeights(variables: ParameterTree): { all: number; trainable: number } {
  const sizes = namedParameters(variables).map(({ parameter }) => ({
    all: sizeOf(parameter.shape),
    trainable: parameter.trainable ? sizeOf(parameter.shape) : 0,
  }))
  return sizes.reduce(
    (sum, { all, trainable }) => ({ all: sum.all + all, trainable: sum.trainable + trainable }),
    { all: 0, trainable: 0 },
  )
}

function formatCount(count: number): string {
  return count.toLocaleString('en-US')
}
