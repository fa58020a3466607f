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
  if (divisor === Infinity) throw new RangeError('floorModulo: the divisor must be finite')
  const rest = value % divisor
  // `+ 0` turns the -0 that JavaScript's remainder gives for negative multiples into 0.
  return rest < 0 ? rest + divisor : rest + 0
}

/**
 * `floor(value / divisor)` for a divisor > 0; infinities stay as they are. Going through the
 * remainder keeps it exact up to 2^53, where a rounded quotient could reach the next integer.
 */
export function floorDivide(value: number, divisor: number): number {
  if (!Number.isFinite(value)) return value
  if (divisor === Infinity) return value < 0 ? -1 : 0
  const rest = value % divisor
  const quotient = (value - rest) / divisor
  return rest < 0 ? quotient - 1 : quotient + 0
}

/** `ceil(value / divisor)` for a divisor > 0; infinities stay as they are. */
export function ceilDivide(value: number, divisor: number): number {
  return 0 - floorDivide(-value, divisor)
}

/** Whether all values are integers that JavaScript's numbers hold exactly. */
export function areSafe(...values: readonly number[]): boolean {
  return values.every(Number.isSafeInteger)
}
