import { type Shape, sizeOf, stridesOf } from '@tensorweft/core'

/** Calls `visit` for every index of an array of this shape, in row-major order. */
export function forEachPoint(
  shape: Shape,
  visit: (at: readonly number[], position: number) => void,
): void {
  const at = shape.map(() => 0)
  const size = sizeOf(shape)
  for (let position = 0; position < size; position++) {
    visit(at, position)
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      const next = (at[axis] ?? 0) + 1
      at[axis] = next === shape[axis] ? 0 : next
      if (next !== shape[axis]) break
    }
  }
}

/** The row-major position of an index. */
export function positionOf(shape: Shape): (at: readonly number[]) => number {
  const strides = stridesOf(shape)
  return (at) => at.reduce((position, index, axis) => position + index * (strides[axis] ?? 0), 0)
}
