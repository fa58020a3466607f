import { ShapeError } from './errors.ts'

/** Sizes of the axes, outermost first; `[]` is a scalar. */
export type Shape = readonly number[]

/** Number of elements. */
export function sizeOf(shape: Shape): number {
  return shape.reduce((size, n) => size * n, 1)
}

export function sameShape(a: Shape, b: Shape): boolean {
  return a.length === b.length && a.every((n, axis) => n === b[axis])
}

/** `[2, 3]`, as error messages write it. */
export function formatShape(shape: readonly (number | null)[]): string {
  // Callers in JavaScript give what is no list, too.
  return Array.isArray(shape) ? `[${shape.map(String).join(', ')}]` : String(shape)
}

/** Elements to step over to move by one along each axis of a row-major array. */
export function stridesOf(shape: Shape): number[] {
  const strides = new Array<number>(shape.length).fill(1)
  for (let axis = shape.length - 2; axis >= 0; axis--) {
    strides[axis] = (strides[axis + 1] ?? 1) * (shape[axis + 1] ?? 1)
  }
  return strides
}

/** The shape that both broadcast to by NumPy's rule, or a ShapeError in the name of `op`. */
export function broadcastShapes(op: string, a: Shape, b: Shape): Shape {
  const rank = Math.max(a.length, b.length)
  return Array.from({ length: rank }, (_, axis) => {
    const m = a[axis - rank + a.length] ?? 1
    const n = b[axis - rank + b.length] ?? 1
    if (m !== n && m !== 1 && n !== 1) {
      throw new ShapeError(op, {
        got: `a is ${formatShape(a)} and b is ${formatShape(b)}; sizes ${m} and ${n} do not broadcast`,
        wanted: 'equal sizes or 1, counted from the last axis',
        hint: 'reshape or expandDims one side so that the axes line up',
      })
    }
    return m === 1 ? n : m
  })
}

/** An axis counted from the front, or a ShapeError; negative axes count from the end. */
export function normalizeAxis(op: string, axis: number, rank: number): number {
  if (!Number.isInteger(axis) || axis < -rank || axis >= rank) {
    throw new ShapeError(op, {
      got: `axis ${axis} for a tensor of rank ${rank}`,
      wanted: rank === 0 ? 'no axis: a scalar has none' : `an integer from ${-rank} to ${rank - 1}`,
    })
  }
  return axis < 0 ? axis + rank : axis
}

/** Axes counted from the front, in ascending order, each once; `null` means all. */
export function normalizeAxes(op: string, axes: readonly number[] | null, rank: number): number[] {
  if (axes === null) return Array.from({ length: rank }, (_, axis) => axis)
  const normal = axes.map((axis) => normalizeAxis(op, axis, rank))
  if (new Set(normal).size !== normal.length) {
    throw new ShapeError(op, { got: `axes ${formatShape(axes)}`, wanted: 'each axis once' })
  }
  return normal.sort((a, b) => a - b)
}

/** Checks that every size is a non-negative integer. */
export function checkShape(op: string, shape: Shape): void {
  if (!Array.isArray(shape) || shape.some((n) => !Number.isSafeInteger(n) || n < 0)) {
    throw new ShapeError(op, {
      got: `shape ${formatShape(shape)}`,
      wanted: 'sizes that are non-negative integers',
    })
  }
  if (!Number.isSafeInteger(sizeOf(shape))) {
    throw new ShapeError(op, {
      got: `shape ${formatShape(shape)}`,
      wanted: 'at most 2^53 elements',
    })
  }
}
