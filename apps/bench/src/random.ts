/** A source of uniform numbers in [0, 1). The same seed gives the same sequence everywhere. */
export type Random = () => number

/** Mulberry32 (Tommy Ettinger, public domain): 32 bits of state are plenty for benchmark data. */
export function seededRandom(seed: number): Random {
  let state = seed | 0
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let bits = Math.imul(state ^ (state >>> 15), state | 1)
    bits ^= bits + Math.imul(bits ^ (bits >>> 7), bits | 61)
    return ((bits ^ (bits >>> 14)) >>> 0) / 2 ** 32
  }
}

/** `length` floats, uniform in [low, high). */
export function uniform(random: Random, length: number, low: number, high: number): Float32Array {
  return fill(new Float32Array(length), () => low + (high - low) * random())
}

/** `length` floats from a normal distribution around 0, redrawn beyond two standard deviations. */
export function truncatedNormal(
  random: Random,
  length: number,
  standardDeviation: number,
): Float32Array {
  const draw = (): number => {
    const value = standardNormal(random)
    return Math.abs(value) <= 2 ? value * standardDeviation : draw()
  }
  return fill(new Float32Array(length), draw)
}

/** `length` integers, uniform in [0, limit). */
export function integers(random: Random, length: number, limit: number): Int32Array {
  return fill(new Int32Array(length), () => Math.floor(random() * limit))
}

/** Box–Muller; 1 − u keeps the logarithm finite where u is 0. */
function standardNormal(random: Random): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random())
}

/** A plain loop: `from` with a mapping function takes several times as long. */
function fill<T extends Float32Array | Int32Array>(values: T, draw: Random): T {
  for (let i = 0; i < values.length; i++) values[i] = draw()
  return values
}
