import { type Complexity, complexityOf, hasFewerDigits, isSimpler } from './complexity.ts'
import type { Axis, ExpressionTable, Index } from './expression.ts'
import { flatten } from './flatten.ts'
import { mergeParts } from './merge-parts.ts'
import { chainsOf, splitPointsOf } from './split-points.ts'

/** Expressions over split axes. Both maps have an entry for every axis of the given expressions. */
export interface SplitAxes {
  /** The given expressions over the final axes. */
  readonly indices: Index[]
  /** Each original axis in terms of the final axes. */
  readonly substitution: ReadonlyMap<Axis, Index>
  /**
   * The final axes that each original axis became, outermost first; nested loops over them visit
   * its values in their order. `[axis]` for an axis that was left whole.
   */
  readonly parts: ReadonlyMap<Axis, readonly Axis[]>
}

type Pieces = ReadonlyMap<Axis, readonly Axis[]>

/**
 * Splits axes at the boundaries of the digits on them, as in `t = 8 t_0 + t_1` for `floor(t / 8)`
 * and `t mod 8`, so that as many of the expressions as possible become affine, then as few digits
 * as possible are left. An axis is split only where that removes digits, and parts through which
 * every expression moves as through one axis are joined again.
 *
 * ```ts
 * const space = new IndexSpace()
 * const t = space.axis(24, 't')
 * const [row, column] = unflatten(t, [4, 6])
 * splitAxes([t, column.mul(4).add(row)]).indices // 6*t_0 + t_1, t_0 + 4*t_1
 * ```
 */
export function splitAxes(indices: readonly Index[]): SplitAxes {
  const space = indices[0]?.space
  if (space === undefined) return { indices: [], substitution: new Map(), parts: new Map() }
  const axes = new Set(indices.flatMap((index) => [...index.axes()]))
  let parts: Pieces = new Map([...axes].map((axis) => [axis, [axis]]))
  let current = [...indices]
  for (;;) {
    const pieces = bestSplit(space, current)
    if (pieces === undefined) break
    current = splitAll(space, current, pieces)
    parts = refine(parts, pieces)
  }
  const merged = mergeParts(space, current, parts)
  return { ...merged, substitution: joinedPieces(space, merged.parts) }
}

function refine(parts: Pieces, pieces: Pieces): Pieces {
  return new Map(
    [...parts].map(([axis, axes]) => [axis, axes.flatMap((part) => pieces.get(part) ?? [part])]),
  )
}

/** The split of one axis that simplifies most; undefined where none simplifies. */
function bestSplit(space: ExpressionTable, indices: readonly Index[]): Pieces | undefined {
  const unsplit = complexityOf(indices)
  let best: { pieces: Pieces; complexity: Complexity } | undefined
  for (const [axis, points] of splitPointsOf(indices)) {
    for (const chain of chainsOf(points)) {
      const pieces = new Map([[axis, cut(space, axis, chain)]])
      const complexity = complexityOf(splitAll(space, indices, pieces))
      if (!hasFewerDigits(complexity, unsplit)) continue
      if (best === undefined || isSimpler(complexity, best.complexity))
        best = { pieces, complexity }
    }
  }
  return best?.pieces
}

/** Fresh axes for the pieces of an axis between split points, outermost first. */
function cut(space: ExpressionTable, axis: Axis, points: readonly number[]): Axis[] {
  const pieces: Axis[] = []
  let rest = axis.size
  for (const stride of [...points].reverse().concat(1)) {
    const piece = space.axis(rest / stride, `${axis.name}_${pieces.length}`).asAxis
    if (piece !== undefined) pieces.push(piece)
    rest = stride
  }
  return pieces
}

function splitAll(space: ExpressionTable, indices: readonly Index[], pieces: Pieces): Index[] {
  const map = joinedPieces(space, pieces)
  return indices.map((index) => index.substitute(map))
}

/** Each axis as the row-major value of its pieces. */
function joinedPieces(space: ExpressionTable, pieces: Pieces): ReadonlyMap<Axis, Index> {
  const joined = new Map<Axis, Index>()
  for (const [axis, axes] of pieces) {
    const indices = axes.map((piece) => space.atom(piece))
    const shape = axes.map((piece) => piece.size)
    joined.set(axis, flatten(indices, shape, space))
  }
  return joined
}
