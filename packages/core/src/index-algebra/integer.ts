/** Greatest common divisor of two non-negative integers; `gcd(0, n)` is n. */
export function gcd(a: number, b: number): number {
  while (b !== 0) {
    const rest = a % b
    a = b
    b = rest
  }
  return a
}

/** `value - divisor * floor(value / divisor)`, in [0, divisor). Exact for safe integers. */
export function floorModulo(value: number, divisor: number): number {
  const rest = value % divisor
  // `+ 0` turns the -0 that JavaScript's remainder gives for negative multiples into 0.
  return rest < 0 ? rest + divisor : rest + 0
}

/**
 * `floor(value / divisor)` for a divisor > 0; infinities stay as they are. Exact for safe integers:
 * a quotient just below a whole number is further from it than half the spacing of doubles there.
 */
export function floorDivide(value: number, divisor: number): number {
  return Math.floor(value / divisor)
}

/** `ceil(value / divisor)` for a divisor > 0; infinities stay as they are. */
export function ceilDivide(value: number, divisor: number): number {
  return 0 - floorDivide(-value, divisor)
}

/** Whether all values are integers that JavaScript's numbers hold exactly. */
export function areSafe(...values: readonly number[]): boolean {
  return values.every(Number.isSafeInteger)
}
