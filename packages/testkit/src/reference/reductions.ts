import type { DType, Shape } from '@tensorweft/core'
import { type Approximation, emptyApproximation } from './approximation.ts'
import type { Fold } from './fold.ts'
import { Multiplication } from './multiplication.ts'
import { forEachPoint, positionOf } from './points.ts'
import { deviation } from './rounding.ts'
import { Summation } from './summation.ts'

/** The elements of each result of a reduction, as positions in the input. */
function groups(shape: Shape, axes: readonly number[]): { shape: number[]; members: number[][] } {
  const kept = shape.filter((_, axis) => !axes.includes(axis))
  const position = positionOf(kept)
  const members: number[][] = []
  forEachPoint(kept, () => members.push([]))
  forEachPoint(shape, (at, from) => {
    const to = position(at.filter((_, axis) => !axes.includes(axis)))
    members[to]?.push(from)
  })
  return { shape: kept, members }
}

export function sum(x: Approximation, axes: readonly number[]): Approximation {
  return folded(x, axes, (dtype) => new Summation(dtype))
}

export function prod(x: Approximation, axes: readonly number[]): Approximation {
  return folded(x, axes, (dtype) => new Multiplication(dtype))
}

function folded(
  x: Approximation,
  axes: readonly number[],
  begin: (dtype: DType) => Fold,
): Approximation {
  const { shape, members } = groups(x.shape, axes)
  const result = emptyApproximation(shape, x.dtype)
  members.forEach((positions, to) => {
    const fold = begin(x.dtype)
    for (const from of positions) fold.add(x.values[from] ?? 0, x.radii[from] ?? 0)
    const { value, radius } = fold.result
    result.values[to] = value
    result.radii[to] = radius
  })
  return result
}

export function extremum(
  choose: (...values: readonly number[]) => number,
  x: Approximation,
  axes: readonly number[],
): Approximation {
  const { shape, members } = groups(x.shape, axes)
  const result = emptyApproximation(shape, x.dtype)
  members.forEach((positions, to) => {
    const shifted = (sign: number) =>
      choose(...positions.map((from) => (x.values[from] ?? 0) + sign * (x.radii[from] ?? 0)))
    const centre = shifted(0)
    result.values[to] = centre
    result.radii[to] = positions.some((from) => x.radii[from] === Number.POSITIVE_INFINITY)
      ? Number.POSITIVE_INFINITY
      : deviation(centre, [shifted(-1), shifted(1)])
  })
  return result
}
