/** Central difference of a loss by one weight. */
function slope<W extends { readonly [K in keyof W]: Float32Array }>(
  lossAt: (weights: W) => number,
  weights: W,
  name: keyof W,
  i: number,
): number {
  const nudge = 2 ** -10
  const at = (sign: number) => {
    const values = weights[name]
    const nudged = values.with(i, (values[i] ?? 0) + sign * nudge)
    // float32 rounds the sum: divide by the step that was really made.
    return { loss: lossAt({ ...weights, [name]: nudged }), value: nudged[i] ?? 0 }
  }
  const [low, high] = [at(-1), at(1)]
  return (high.loss - low.loss) / (high.value - low.value)
}

/** Central differences by all weights of these names, one after the other. */
export function slopes<W extends { readonly [K in keyof W]: Float32Array }>(
  lossAt: (weights: W) => number,
  weights: W,
  names: readonly (keyof W)[],
): number[] {
  return names.flatMap((name) =>
    Array.from(weights[name], (_, i) => slope(lossAt, weights, name, i)),
  )
}

/** The sum of `measure(slope)` over all weights. */
export function sumOfSlopes<W extends { readonly [K in keyof W]: Float32Array }>(
  lossAt: (weights: W) => number,
  weights: W,
  names: readonly (keyof W)[],
  measure: (slope: number) => number,
): number {
  return slopes(lossAt, weights, names).reduce((sum, value) => sum + measure(value), 0)
}
