import type { ContractKernel, IndexData } from '@tensorweft/core'
import { coefficientOf } from '../loops/bounds.ts'
import type { BoxGroup } from './box.ts'
import type { ProductDType } from './multiply.ts'
import type { BlockedAxes } from './parts.ts'
import type { Tile } from './tile.ts'

/** A right operand that lies in memory like a packed one, but for the distance of its points. */
export interface InPlace {
  readonly operand: number
  readonly index: IndexData
  /** From one point of depth to the next. */
  readonly stepBytes: number
}

/** Tiles that share a right panel: for more of them it is packed. */
const mostRowPanels = 3

/** Where the right operand can be read without packing, if so few rows use it that this pays. */
export function rightInPlace(
  { right, operands, axes: sizes, m: rows }: ContractKernel,
  { n, k }: BlockedAxes,
  tile: Tile,
  dtype: ProductDType,
): InPlace | undefined {
  const [load, ...others] = right.program
  if (others.length > 0 || load?.op !== 'load' || load.within.length > 0) return undefined
  const { index, operand } = load
  if (operands[operand]?.dtype !== dtype || dtype === 'uint8' || index.digits.length > 0) {
    return undefined
  }
  const rowCount = rows.reduce((points, axis) => points * (sizes[axis] ?? 1), 1)
  const step = stepOf(index, k)
  if (rowCount > mostRowPanels * tile.rows || n.isRagged(tile.columns)) return undefined
  if (stepOf(index, n) !== 1 || step === undefined || step < 0) return undefined
  return { operand, index, stepBytes: 4 * step }
}

/** What an index gains from one point of a box to the next, if it is always the same. */
function stepOf(index: IndexData, { axes }: BoxGroup): number | undefined {
  const steps = axes.map(({ axis, stride }) => coefficientOf(index, axis) / stride)
  const [first = 0] = steps
  return Number.isInteger(first) && steps.every((step) => step === first) ? first : undefined
}
