/**
 * The y with erf(y) = x, by Newton's method from Winitzki's approximation. In the tails the
 * complement 1 − |x| is what counts, so that nothing cancels.
 */
export function erfInv(x: number): number {
  if (!(Math.abs(x) < 1)) return Math.abs(x) === 1 ? x * Number.POSITIVE_INFINITY : Number.NaN
  const size = Math.abs(x)
  const a = 0.147
  const w = Math.log((1 - size) * (1 + size))
  const t = 2 / (Math.PI * a) + w / 2
  let y = Math.sqrt(Math.sqrt(t * t - w / a) - t)
  for (let iteration = 0; iteration < 6; iteration++) {
    const error = size < 0.5 ? series(y) - size : 1 - size - erfc(y)
    y -= (error * Math.sqrt(Math.PI) * Math.exp(y * y)) / 2
  }
  return Math.sign(x) * y
}

/** `2/√π ∫₀ˣ e^(−t²) dt`. */
export function erf(x: number): number {
  return Math.abs(x) < 2 ? series(x) : Math.sign(x) * (1 - complement(Math.abs(x)))
}

/** `1 − erf x`, relatively accurate where it is small. */
export function erfc(x: number): number {
  if (x < 0) return 2 - erfc(-x)
  return x < 1 ? 1 - series(x) : complement(x)
}

/** Taylor series, for |x| ≤ 3: `2/√π Σ (−1)ⁿ x^(2n+1) / (n! (2n+1))`. */
function series(x: number): number {
  let term = x
  let sum = x
  for (let n = 1; n < 100; n++) {
    term *= (-x * x) / n
    sum += term / (2 * n + 1)
  }
  return (2 / Math.sqrt(Math.PI)) * sum
}

/** The continued fraction of `1 − erf x`, for x ≥ 1. */
function complement(x: number): number {
  if (x === Number.POSITIVE_INFINITY) return 0
  let fraction = 0
  for (let n = 300; n > 0; n--) fraction = n / 2 / (x + fraction)
  return Math.exp(-x * x) / (Math.sqrt(Math.PI) * (x + fraction))
}
