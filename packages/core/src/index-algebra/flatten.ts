import type { ExpressionTable, Index } from './expression.ts'

/**
 * The row-major position of an element: the last index runs fastest.
 *
 * @param indices One index per axis.
 * @param shape The sizes of the axes.
 */
export function flatten(
  indices: readonly Index[],
  shape: readonly number[],
  space: ExpressionTable,
): Index {
  if (indices.length !== shape.length) {
    throw new RangeError(`flatten: ${indices.length} indices for rank ${shape.length}`)
  }
  let stride = 1
  const parts: [Index, number][] = []
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    const index = indices[axis]
    if (index !== undefined) parts.push([index, stride])
    stride *= shape[axis] ?? 1
  }
  return space.sum(parts)
}

/**
 * The index per axis of the element at a row-major position, the reverse of `flatten`. Axes of size
 * 1 get the constant 0, and so does every axis of a shape without elements. The position must lie
 * within the shape (the outermost index is not wrapped).
 */
export function unflatten(flat: Index, shape: readonly number[]): Index[] {
  const zero = flat.space.constant(0)
  if (shape.includes(0)) return shape.map(() => zero)
  const outermost = shape.findIndex((size) => size > 1)
  const indices: Index[] = []
  let stride = 1
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    const size = shape[axis] ?? 1
    indices.push(size === 1 ? zero : flat.digit(stride, axis === outermost ? Infinity : size))
    stride *= size
  }
  return indices.reverse()
}
