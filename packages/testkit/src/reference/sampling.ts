import type { Attributes, Shape } from '@tensorweft/core'
import { type Approximation, emptyApproximation } from './approximation.ts'
import { forEachPoint, positionOf } from './points.ts'
import { Summations } from './summation.ts'

/** Where position i along the axis looks. */
function sightOf(i: number, { scale, offset, divisor }: Attributes): number {
  return Math.floor((i * Number(scale) + Number(offset)) / Number(divisor))
}

/** Calls `visit` with every position that looks at something, and with what it looks at. */
function forEachSight(
  seer: Shape,
  seen: Shape,
  attributes: Attributes,
  visit: (from: number, to: number) => void,
): void {
  const axis = Number(attributes.axis)
  const position = positionOf(seen)
  forEachPoint(seer, (at, from) => {
    const sight = sightOf(at[axis] ?? 0, attributes)
    if (sight < 0 || sight >= (seen[axis] ?? 0)) return
    visit(from, position(at.map((index, i) => (i === axis ? sight : index))))
  })
}

/** What each position of the result looks at, 0 for nothing. */
export function sample(x: Approximation, shape: Shape, attributes: Attributes): Approximation {
  const result = emptyApproximation(shape, x.dtype)
  forEachSight(shape, x.shape, attributes, (from, to) => {
    result.values[from] = x.values[to] ?? Number.NaN
    result.radii[from] = x.radii[to] ?? Number.NaN
  })
  return result
}

/** The sum of all dy that look at each position of the result. */
export function sampleGradient(
  dy: Approximation,
  shape: Shape,
  attributes: Attributes,
): Approximation {
  const sums = new Summations(shape, dy.dtype)
  forEachSight(dy.shape, shape, attributes, (from, to) => {
    sums.at(to).add(dy.values[from] ?? Number.NaN, dy.radii[from] ?? Number.NaN)
  })
  return sums.result
}
