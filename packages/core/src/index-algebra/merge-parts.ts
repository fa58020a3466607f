import { digitsOf } from './complexity.ts'
import type { Axis, ExpressionTable, Index } from './expression.ts'

interface Parts {
  readonly indices: Index[]
  /** The nested axes that each original axis was split into, outermost first. */
  readonly parts: ReadonlyMap<Axis, readonly Axis[]>
}

/**
 * Joins neighbouring parts of an axis again where every expression, also inside digits, moves
 * through both as through one axis: `coefficient(outer) = size(inner) * coefficient(inner)`.
 */
export function mergeParts(
  space: ExpressionTable,
  indices: Index[],
  parts: ReadonlyMap<Axis, readonly Axis[]>,
): Parts {
  const result = new Map<Axis, readonly Axis[]>()
  let current = indices
  for (const [axis, axes] of parts) {
    const kept: Axis[] = []
    for (const inner of axes) {
      const outer = kept.pop()
      if (outer === undefined) {
        kept.push(inner)
      } else if (movesAsOne(current, outer, inner)) {
        const whole = wholeAxis(space, axis, outer, inner)
        current = join(space, current, outer, inner, whole)
        kept.push(whole)
      } else {
        kept.push(outer, inner)
      }
    }
    result.set(axis, kept)
  }
  return { indices: current, parts: result }
}

function movesAsOne(indices: readonly Index[], outer: Axis, inner: Axis): boolean {
  const follows = (index: Index): boolean =>
    index.coefficientOf(outer) === inner.size * index.coefficientOf(inner)
  return indices.every(follows) && [...digitsOf(indices)].every((digit) => follows(digit.of))
}

/** The axis of both parts: the original axis again where these are all its parts. */
function wholeAxis(space: ExpressionTable, original: Axis, outer: Axis, inner: Axis): Axis {
  const size = outer.size * inner.size
  if (size === original.size) return original
  return space.axis(size, outer.name).asAxis ?? original
}

function join(
  space: ExpressionTable,
  indices: readonly Index[],
  outer: Axis,
  inner: Axis,
  whole: Axis,
): Index[] {
  const map = new Map([
    [outer, space.constant(0)],
    [inner, space.atom(whole)],
  ])
  return indices.map((index) => index.substitute(map))
}
