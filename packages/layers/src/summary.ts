import { formatShape, type ParameterTree, type Shape, sizeOf } from '@tensorweft/core'
import { type NamedParameter, namedParameters } from './weights/named-parameters.ts'

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
    countWeights(namedParameters(variables)),
  ])
  const table = [head, ...body]
  const widths = head.map((_, column) => Math.max(...table.map((row) => row[column]?.length ?? 0)))
  const lines = table.map((row) => {
    const cells = row.map((cell, column) => cell.padEnd(widths[column] ?? 0))
    const weights = row[3] ?? ''
    return [...cells.slice(0, 3), weights.padStart(widths[3] ?? 0)].join('  ')
  })
  const all = namedParameters(variables)
  const trained = all.filter(({ parameter }) => parameter.trainable)
  const total = `Weights: ${countWeights(all)}, of which ${countWeights(trained)} are trained`
  return [...lines, total].join('\n')
}

function countWeights(named: readonly NamedParameter[]): string {
  const count = named.reduce((sum, { parameter }) => sum + sizeOf(parameter.shape), 0)
  return count.toLocaleString('en-US')
}
