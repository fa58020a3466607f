import type { Node } from '../graph/tensor.ts'
import { argumentsOf, postOrder, type ReduceScalar, type Scalar } from '../scalar/scalar.ts'
import type { KernelDraft } from './draft.ts'

/** What one walk of a loop nest computes. */
export interface DraftStage {
  readonly over: 'outer' | 'all'
  /** Reductions whose results exist before. */
  readonly available: readonly ReduceScalar[]
  readonly reductions: readonly ReduceScalar[]
  readonly stores: readonly Node[]
}

/**
 * Orders the work of a draft: reductions as soon as those inside them are done, values of points
 * in the first walk that can compute them, values of rows at the end.
 */
export function stagesOf(draft: KernelDraft, stored: readonly Node[]): DraftStage[] {
  const level = reductionLevels(draft)
  const perPoint = stored.filter((node) => draft.reductions.length > 0 && !draft.isPerRow(node))
  const perRow = stored.filter((node) => !perPoint.includes(node))
  const levelOf = (node: Node) => level(draft.elements.get(node))
  const walks = Math.max(
    ...draft.reductions.map((reduction) => level(reduction)),
    ...perPoint.map((node) => levelOf(node) + 1),
    0,
  )
  const stages = Array.from(
    { length: walks },
    (_, walk): DraftStage => ({
      over: 'all',
      available: draft.reductions.filter((reduction) => level(reduction) <= walk),
      reductions: draft.reductions.filter((reduction) => level(reduction) === walk + 1),
      stores: perPoint.filter((node) => levelOf(node) === walk),
    }),
  )
  if (perRow.length === 0) return stages
  const last: DraftStage = {
    over: 'outer',
    available: draft.reductions,
    reductions: [],
    stores: perRow,
  }
  return [...stages, last]
}

/** How often a draft's kernel would walk its rows, if all its nodes were stored. */
export function walksOf(draft: KernelDraft): number {
  return stagesOf(draft, draft.nodes).filter(({ over }) => over === 'all').length
}

/** How many reductions lie inside each other below an expression. */
function reductionLevels(draft: KernelDraft): (scalar: Scalar | undefined) => number {
  const levels = new Map<Scalar, number>()
  for (const scalar of postOrder([...draft.elements.values()])) {
    const below = Math.max(0, ...argumentsOf(scalar).map((arg) => levels.get(arg) ?? 0))
    levels.set(scalar, scalar.kind === 'reduce' ? below + 1 : below)
  }
  return (scalar) => (scalar && levels.get(scalar)) ?? 0
}
