import { type Complexity, complexityOf, isSimpler } from './complexity.ts'
import type { Axis, ExpressionTable, Index } from './expression.ts'
import { flatten } from './flatten.ts'
import { mergeParts } from './merge-parts.ts'
import { chainsOf, splitPointsOf } from './split-points.ts'

export interface SplitOptions {
  /** The axes that may be split; by default all that occur. */
  readonly axes?: ReadonlySet<Axis>
}

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
 * as possible are left. Axes are split no finer than that takes.
 *
 * ```ts
 * const t = space.axis(24, 't')
 * const [row, column] = unflatten(t, [4, 6])
 * splitAxes([t, column.mul(4).add(row)]).indices // 6*t_0 + t_1, t_0 + 4*t_1
 * ```
 */
export function splitAxes(indices: readonly Index[], options: SplitOptions = {}): SplitAxes {
  const space = indices[0]?.space
  if (space === undefined) return { indices: [], substitution: new Map(), parts: new Map() }
  const axes = new Set(indices.flatMap((index) => [...index.axes()]))
  let parts: Pieces = new Map([...axes].map((axis) => [axis, [axis]]))
  let current = [...indices]
  for (;;) {
    const pieces = bestSplit(space, current, allowedParts(parts, options.axes))
    if (pieces === undefined) break
    current = splitAll(space, current, pieces)
    parts = refine(parts, pieces)
  }
  const merged = mergeParts(space, current, parts)
  return { ...merged, substitution: joinedPieces(space, merged.parts) }
}

function allowedParts(parts: Pieces, axes: ReadonlySet<Axis> | undefined): ReadonlySet<Axis> {
  const allowed = [...parts].filter(([axis]) => axes === undefined || axes.has(axis))
  return new Set(allowed.flatMap(([, pieces]) => pieces))
}

function refine(parts: Pieces, pieces: Pieces): Pieces {
  return new Map(
    [...parts].map(([axis, axes]) => [axis, axes.flatMap((part) => pieces.get(part) ?? [part])]),
  )
}

/** The split of one or several axes that simplifies most; undefined where none simplifies. */
function bestSplit(
  space: ExpressionTable,
  indices: readonly Index[],
  allowed: ReadonlySet<Axis>,
): Pieces | undefined {
  const unsplit = complexityOf(indices)
  const together = new Map<Axis, readonly Axis[]>()
  for (const [axis, points] of splitPointsOf(indices, allowed)) {
    const ways = chainsOf(points).map((chain) => new Map([[axis, cut(space, axis, chain)]]))
    const best = simplest(space, indices, ways)
    for (const [split, pieces] of best ?? []) together.set(split, pieces)
  }
  const singles = [...together].map((entry) => new Map([entry]))
  const best = simplest(space, indices, together.size > 1 ? [together, ...singles] : singles)
  if (best === undefined) return undefined
  const { notAffine, digits } = complexityOf(splitAll(space, indices, best))
  // Terms are no reason to split: a split axis is two terms where it was one.
  const simplifies =
    notAffine < unsplit.notAffine || (notAffine === unsplit.notAffine && digits < unsplit.digits)
  return simplifies ? best : undefined
}

/** The first of the simplest among several ways to split; undefined where there are none. */
function simplest(
  space: ExpressionTable,
  indices: readonly Index[],
  ways: readonly Pieces[],
): Pieces | undefined {
  if (ways.length <= 1) return ways[0]
  let best: { way: Pieces; complexity: Complexity } | undefined
  for (const way of ways) {
    const complexity = complexityOf(splitAll(space, indices, way))
    if (best === undefined || isSimpler(complexity, best.complexity)) best = { way, complexity }
  }
  return best?.way
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
