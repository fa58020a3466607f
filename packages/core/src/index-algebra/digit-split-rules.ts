import type { DigitRule } from './expression.ts'
import { gcd } from './integer.ts'
import { radicesOf, splitAt } from './mixed-radix.ts'

/**
 * Rewrites of `D(e, d, m) = floor(e / d) mod m` that see e as a number in mixed radix,
 * `e = g X + R` with `0 <= R < g`.
 */

/** Where `g | d` the low part has no say: `D(g X + R, d, m) = D(X, d / g, m)`. */
const dropLowPart: DigitRule = (of, divisor, modulus) => {
  for (const radix of radicesOf(of, (common) => gcd(common, divisor))) {
    const split = splitAt(of, radix)
    if (split !== undefined) return split.high.digit(divisor / radix, modulus)
  }
  return undefined
}

/**
 * Where `d | g`, `f = g / d` and `f | m`, the digit is two digits:
 * `D(g X + R, d, m) = f D(X, 1, m / f) + D(R, d, inf)`.
 */
const splitDigit: DigitRule = (of, divisor, modulus) => {
  const fits = (radix: number): boolean =>
    radix % divisor === 0 && (modulus === Infinity || modulus % (radix / divisor) === 0)
  for (const radix of radicesOf(of, (common) => (fits(common) ? common : 1))) {
    const split = splitAt(of, radix)
    if (split === undefined) continue
    const factor = radix / divisor
    const high = split.high.digit(1, modulus / factor).mul(factor)
    return high.add(split.low.digit(divisor, Infinity))
  }
  return undefined
}

/** In the order in which they are tried. */
export const splitRules: readonly DigitRule[] = [dropLowPart, splitDigit]
