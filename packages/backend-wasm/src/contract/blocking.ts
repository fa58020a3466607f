/**
 * A group of axes cut into boxes, so that a box is walked by plain loops: the axes in `outer` are
 * fixed in a box, one axis is taken in chunks, those in `inner` are whole.
 */
export interface Blocking {
  readonly outer: readonly number[]
  /** Undefined for a group without axes. */
  readonly chunk: Chunk | undefined
  readonly inner: readonly number[]
  /** Points of the inner axes. */
  readonly innerPoints: number
  /** Points of the largest box. */
  readonly points: number
  readonly boxes: number
}

export interface Chunk {
  readonly axis: number
  /** Points of the axis. */
  readonly size: number
  /** Points that a box has of it, the last one perhaps fewer. */
  readonly length: number
}

/**
 * Cuts a group into boxes of about equal size with at most `limit` points, if one point of the
 * chunked axis has no more. A chunk of the innermost axis is a multiple of `tile`.
 */
export function blockGroup(
  sizes: readonly number[],
  group: readonly number[],
  limit: number,
  tile: number,
): Blocking {
  if (group.some((axis) => sizes[axis] === 0)) return uncut(0)
  let innerPoints = 1
  for (let position = group.length - 1; position >= 0; position--) {
    const axis = group[position] ?? 0
    const size = sizes[axis] ?? 1
    if (position === 0 || innerPoints * size > limit) {
      const inner = group.slice(position + 1)
      const length = chunkLength(size, limit / innerPoints, inner.length === 0 ? tile : 1)
      const outer = group.slice(0, position)
      const outerPoints = outer.reduce((points, other) => points * (sizes[other] ?? 1), 1)
      return {
        outer,
        chunk: { axis, size, length },
        inner,
        innerPoints,
        points: length * innerPoints,
        boxes: outerPoints * Math.ceil(size / Math.max(length, 1)),
      }
    }
    innerPoints *= size
  }
  return uncut(1)
}

/** No axes to walk: one point, or none. */
function uncut(points: 0 | 1): Blocking {
  return { outer: [], chunk: undefined, inner: [], innerPoints: points, points, boxes: points }
}

function chunkLength(size: number, limit: number, tile: number): number {
  const chunks = Math.ceil(size / Math.max(Math.floor(limit), 1))
  const length = Math.ceil(size / Math.max(chunks, 1))
  return Math.min(Math.ceil(length / tile) * tile, size)
}
