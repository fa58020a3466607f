/** The values of an array of that shape, row major, with its axes in the order `axes`. */
export function permute(
  values: Float32Array,
  shape: readonly number[],
  axes: readonly number[],
): Float32Array {
  const strides = shape.map((_, axis) => shape.slice(axis + 1).reduce((size, n) => size * n, 1))
  const turned = axes.map((axis) => ({ size: shape[axis] ?? 1, stride: strides[axis] ?? 1 }))
  return values.map((_, place) => {
    let rest = place
    let source = 0
    for (const { size, stride } of turned.toReversed()) {
      source += (rest % size) * stride
      rest = Math.floor(rest / size)
    }
    return values[source] ?? 0
  })
}
