import type { Index } from '../index-algebra/index.ts'
import type { Shape } from '../shape.ts'

// Index arithmetic that reductions and broadcasting share. `axes` are normalised.

/** The shape without the reduced axes. */
export function keptShape(shape: Shape, axes: readonly number[]): number[] {
  return shape.filter((_, axis) => !axes.includes(axis))
}

/** The shape with size 1 for the reduced axes. */
export function withOnes(shape: Shape, axes: readonly number[]): number[] {
  return shape.map((n, axis) => (axes.includes(axis) ? 1 : n))
}

/** Sizes of the reduced axes. */
export function reducedExtents(shape: Shape, axes: readonly number[]): number[] {
  return shape.filter((_, axis) => axes.includes(axis))
}

/** An index per axis of the input, from those of the kept axes and those of the reduced ones. */
export function mergeIndices(
  shape: Shape,
  axes: readonly number[],
  kept: readonly Index[],
  reduced: readonly Index[],
): Index[] {
  const [outer, inner] = [[...kept], [...reduced]]
  return shape.flatMap((_, axis) => (axes.includes(axis) ? inner : outer).shift() ?? [])
}

/** An index per axis of an input that was broadcast: 0 along axes of size 1. */
export function gatherIndex(shape: Shape, at: readonly Index[]): Index[] {
  const offset = at.length - shape.length
  return shape.flatMap((n, axis) => {
    const index = at[axis + offset]
    if (index === undefined) return []
    return n === 1 ? index.space.constant(0) : index
  })
}
