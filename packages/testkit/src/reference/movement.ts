import type { Shape } from '@tensorweft/core'
import { type Approximation, emptyApproximation } from './approximation.ts'
import { forEachPoint, positionOf } from './points.ts'

/** Copies to each index of the result the element at `source(index)`, or `otherwise` for none. */
function gatherElements(
  x: Approximation,
  shape: Shape,
  source: (at: readonly number[]) => readonly number[] | undefined,
  otherwise = 0,
): Approximation {
  const result = emptyApproximation(shape, x.dtype)
  const position = positionOf(x.shape)
  forEachPoint(shape, (at, to) => {
    const from = source(at)
    result.values[to] = from === undefined ? otherwise : (x.values[position(from)] ?? Number.NaN)
    result.radii[to] = from === undefined ? 0 : (x.radii[position(from)] ?? Number.NaN)
  })
  return result
}

export function reshape(x: Approximation, shape: Shape): Approximation {
  return { ...x, shape }
}

export function transpose(x: Approximation, permutation: readonly number[]): Approximation {
  const shape = permutation.map((axis) => x.shape[axis] ?? 0)
  return gatherElements(x, shape, (at) => {
    const from = x.shape.map(() => 0)
    permutation.forEach((axis, position) => {
      from[axis] = at[position] ?? 0
    })
    return from
  })
}

export function flip(x: Approximation, axes: readonly number[]): Approximation {
  const mirrored = (index: number, axis: number) =>
    axes.includes(axis) ? (x.shape[axis] ?? 0) - 1 - index : index
  return gatherElements(x, x.shape, (at) => at.map(mirrored))
}

export function slice(
  x: Approximation,
  begin: readonly number[],
  size: readonly number[],
): Approximation {
  return gatherElements(x, size, (at) => at.map((index, axis) => index + (begin[axis] ?? 0)))
}

export function pad(
  x: Approximation,
  paddings: readonly (readonly [number, number])[],
  value: number,
): Approximation {
  const shape = x.shape.map((n, axis) => {
    const [before, after] = paddings[axis] ?? [0, 0]
    return before + n + after
  })
  const source = (at: readonly number[]) => {
    const from = at.map((index, axis) => index - (paddings[axis]?.[0] ?? 0))
    return from.every((index, axis) => index >= 0 && index < (x.shape[axis] ?? 0))
      ? from
      : undefined
  }
  return gatherElements(x, shape, source, value)
}

export function broadcastTo(x: Approximation, shape: Shape): Approximation {
  return gatherElements(x, shape, (at) =>
    at.slice(shape.length - x.shape.length).map((index, axis) => (x.shape[axis] === 1 ? 0 : index)),
  )
}

/** Parts one behind the other along `axis`. */
export function concat(parts: readonly Approximation[], shape: Shape, axis: number): Approximation {
  const result = emptyApproximation(shape, parts[0]?.dtype ?? 'float32')
  const position = positionOf(shape)
  let start = 0
  for (const part of parts) {
    const offset = start
    forEachPoint(part.shape, (at, from) => {
      const to = position(at.map((index, n) => (n === axis ? index + offset : index)))
      result.values[to] = part.values[from] ?? Number.NaN
      result.radii[to] = part.radii[from] ?? Number.NaN
    })
    start += part.shape[axis] ?? 0
  }
  return result
}

/** Each element moved on by the shift of each axis, round the end. */
export function roll(x: Approximation, shifts: readonly number[]): Approximation {
  return gatherElements(x, x.shape, (at) =>
    at.map((index, axis) => {
      const n = x.shape[axis] ?? 1
      return (index - (shifts[axis] ?? 0) + n) % n
    }),
  )
}
