import type { Cliff, SweepRow, SweepShape } from './sweep.ts'

/** Below this many floating-point operations, the cost of a call shows. */
export const judgedFlops = 4e6
const leastShare = 0.35
const leastOfNeighbour = 0.5

/** The large shapes that run below 0.35 of the core's rate or below half the rate of a neighbour. */
export function findCliffs(
  shapes: readonly SweepShape[],
  rows: ReadonlyMap<string, SweepRow>,
): Cliff[] {
  return shapes.flatMap((shape) => {
    const row = rows.get(shape.case)
    if (row === undefined || row.flops < judgedFlops) return []
    const below = shortfall(row, shape.neighbours, rows)
    return below === undefined ? [] : [{ ...row, below }]
  })
}

function shortfall(
  { share }: SweepRow,
  neighbours: readonly string[],
  rows: ReadonlyMap<string, SweepRow>,
): string | undefined {
  if (share < leastShare) return `${leastShare} R`
  const faster = neighbours.find((name) => share < leastOfNeighbour * (rows.get(name)?.share ?? 0))
  if (faster === undefined) return undefined
  return `half of ${faster} (${rows.get(faster)?.share.toFixed(2)} R)`
}
