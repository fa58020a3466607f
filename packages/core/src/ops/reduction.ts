import { ShapeError } from '../errors.ts'
import type { Axes } from '../graph/tensor.ts'
import type { Index } from '../index-algebra/index.ts'
import { formatShape, normalizeAxes, normalizeAxis, type Shape, sizeOf } from '../shape.ts'
import { checkTensor } from './check-tensor.ts'
import type { AnyTensor } from './define-op.ts'

// Index arithmetic that reductions and broadcasting share. Lists of axes are normalised.

/** Axes as users give them: normalised, all of them for `null`. */
export function axesOf(op: string, x: AnyTensor, axes: Axes): number[] {
  return normalizeAxes(op, axes === null ? axes : [axes].flat(), checkTensor(op, 'x', x).rank)
}

/** One axis as users give it, normalised. */
export function axisOf(op: string, x: AnyTensor, axis: number): number {
  return normalizeAxis(op, axis, checkTensor(op, 'x', x).rank)
}

/** How many elements are reduced to one. Throws ShapeError if there is none to choose from. */
export function choiceOf(op: string, shape: Shape, axes: readonly number[]): number {
  const size = sizeOf(reducedExtents(shape, axes))
  if (size > 0) return size
  throw new ShapeError(op, {
    got: `x is ${formatShape(shape)} and axes are ${formatShape(axes)}`,
    wanted: 'at least one element to choose from',
  })
}

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
