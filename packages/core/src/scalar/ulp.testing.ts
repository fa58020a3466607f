const isFull = process.env.TENSORWEFT_FULL === '1'

/** Float32 numbers of both signs with a magnitude up to `limit`, dense in every binade. */
export function* sweep(limit: number): Generator<[x: number]> {
  const [float, bits] = [new Float32Array(1), new Uint32Array(1)]
  const bytes = new Uint32Array(float.buffer)
  const stride = isFull ? 997 : 59_999
  float[0] = limit
  const last = bytes[0] ?? 0
  for (bits[0] = 0; (bits[0] ?? 0) <= last; bits[0] = (bits[0] ?? 0) + stride) {
    bytes[0] = bits[0] ?? 0
    const x = float[0] ?? 0
    yield [x]
    yield [-x]
  }
}

/** Distance of neighbouring float32 numbers at `x`. */
function ulpOf(x: number): number {
  return 2 ** (Math.max(Math.floor(Math.log2(Math.abs(x))), -126) - 23)
}

/** Distance from the exact value in units of the last place of float32. */
export function errorInUlp(result: number, exact: number): number {
  const nearest = Math.fround(exact)
  if (result === nearest || (Number.isNaN(result) && Number.isNaN(nearest))) return 0
  if (!Number.isFinite(nearest) || !Number.isFinite(result)) return Number.POSITIVE_INFINITY
  return Math.abs(result - exact) / ulpOf(nearest)
}

/**
 * Points with coordinates between bounds that fill the space evenly: their fractions are multiples
 * of the roots of 2, 3 and 5.
 */
export function* points(
  count: number,
  ...bounds: readonly (readonly [low: number, high: number])[]
): Generator<number[]> {
  for (let i = 0; i < count * (isFull ? 50 : 1); i++) {
    yield bounds.map(([low, high], axis) => {
      const fraction = (i * Math.sqrt([2, 3, 5][axis] ?? 7)) % 1
      return Math.fround(low + (high - low) * fraction)
    })
  }
}

/** The greatest error of `f` over some arguments, and where it is. */
export function worst(
  f: (...args: readonly number[]) => number,
  exact: (...args: readonly number[]) => number,
  points: Iterable<readonly number[]>,
): { readonly error: number; readonly at: readonly number[] } {
  let most: { error: number; at: readonly number[] } = { error: 0, at: [] }
  for (const at of points) {
    const error = errorInUlp(f(...at), exact(...at))
    if (!(error <= most.error)) most = { error, at }
  }
  return most
}
