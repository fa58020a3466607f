import { type Attributes, isFloat, type Shape } from '@tensorweft/core'
import { type Approximation, emptyApproximation } from './approximation.ts'
import { forEachPoint, positionOf } from './points.ts'
import { Summations } from './summation.ts'

/** Where the indices send the point `at` along the axis: an index of the addressed array. */
function address(
  indices: Approximation,
  target: Shape,
  axis: number,
): (at: readonly number[]) => { index: number; from: number[]; isCertain: boolean } {
  const position = positionOf(indices.shape)
  const replaced = indices.shape.length - target.length + 1
  return (at) => {
    const place = position(at.map((index, i) => (indices.shape[i] === 1 ? 0 : index)))
    const index = indices.values[place] ?? Number.NaN
    return {
      index,
      from: [...at.slice(0, axis), index, ...at.slice(axis + replaced)],
      isCertain: indices.radii[place] === 0,
    }
  }
}

/** The addressed elements; NaN, or 0 for what is no float, beyond the ends. */
export function gather(
  x: Approximation,
  indices: Approximation,
  shape: Shape,
  attributes: Attributes,
): Approximation {
  const axis = Number(attributes.axis)
  const result = emptyApproximation(shape, x.dtype)
  const [addressOf, position] = [address(indices, x.shape, axis), positionOf(x.shape)]
  forEachPoint(shape, (at, to) => {
    const { index, from, isCertain } = addressOf(at)
    const isInside = index >= 0 && index < (x.shape[axis] ?? 0)
    const outside = isFloat(x.dtype) ? Number.NaN : 0
    result.values[to] = isInside ? (x.values[position(from)] ?? Number.NaN) : outside
    const radius = isInside ? (x.radii[position(from)] ?? Number.NaN) : 0
    result.radii[to] = isCertain ? radius : Number.POSITIVE_INFINITY
  })
  return result
}

/** x plus the updates at their addresses; those beyond the ends are lost. */
export function scatterAdd(
  x: Approximation,
  indices: Approximation,
  updates: Approximation,
  attributes: Attributes,
): Approximation {
  const axis = Number(attributes.axis)
  const sums = new Summations(x.shape, x.dtype)
  x.values.forEach((value, i) => {
    sums.at(i).add(value, x.radii[i] ?? 0)
  })
  const [addressOf, position] = [address(indices, x.shape, axis), positionOf(x.shape)]
  let isCertain = true
  forEachPoint(updates.shape, (at, i) => {
    const { index, from, ...target } = addressOf(at)
    isCertain &&= target.isCertain
    if (index < 0 || index >= (x.shape[axis] ?? 0)) return
    sums.at(position(from)).add(updates.values[i] ?? 0, updates.radii[i] ?? 0)
  })
  const { result } = sums
  if (!isCertain) result.radii.fill(Number.POSITIVE_INFINITY)
  return result
}

/** Arrays one behind the other. */
export function concat(
  parts: readonly Approximation[],
  shape: Shape,
  attributes: Attributes,
): Approximation {
  const axis = Number(attributes.axis)
  const result = emptyApproximation(shape, parts[0]?.dtype ?? 'float32')
  const position = positionOf(shape)
  let start = 0
  for (const part of parts) {
    forEachPoint(part.shape, (at, from) => {
      const to = position(at.map((index, i) => (i === axis ? index + start : index)))
      result.values[to] = part.values[from] ?? Number.NaN
      result.radii[to] = part.radii[from] ?? Number.NaN
    })
    start += part.shape[axis] ?? 0
  }
  return result
}
