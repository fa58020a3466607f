import type { ScalarBuilder } from './builder.ts'
import { floatOf, leadingPart, magnitude, type WideFloat } from './parts.ts'
import { polynomial } from './polynomial.ts'
import type { Scalar } from './scalar.ts'
import { splitExponent } from './split-exponent.ts'

/** A number as the sum of two. */
interface Pair {
  readonly high: Scalar
  readonly low: Scalar
}

interface Precision {
  /** 2 / ln 2 in two parts, the first of which has half of the bits. */
  readonly twoOverLn2: readonly [high: number, low: number]
  /** Terms of the series of the logarithm. */
  readonly terms: number
  /** Exponents beyond it give what it gives: 0, 1 or infinity. */
  readonly largestExponent: number
  /** Powers of two beyond it overflow, or vanish. */
  readonly largestPower: number
}

const twoOverLn2 = 2 / Math.LN2
/** The double below lacks this of 2 / ln 2. */
const missing = 4.0710547481862066e-17
const halves = {
  float32: Math.floor(twoOverLn2 * 2 ** 10) / 2 ** 10,
  float64: Math.fround(twoOverLn2),
}

const precisions: Readonly<Record<WideFloat, Precision>> = {
  float32: {
    twoOverLn2: [halves.float32, twoOverLn2 - halves.float32],
    terms: 5,
    largestExponent: 2 ** 40,
    largestPower: 512,
  },
  float64: {
    twoOverLn2: [halves.float64, twoOverLn2 - halves.float64 + missing],
    terms: 12,
    largestExponent: 2 ** 70,
    largestPower: 4096,
  },
}

const precisionOf = (x: Scalar): Precision => precisions[floatOf(x)]

/** x = 2^exponent · mantissa, the mantissa between √½ and √2 up to rounding. */
function split(s: ScalarBuilder, x: Scalar): { exponent: Scalar; mantissa: Scalar } {
  if (x.dtype !== 'float64') return splitExponent(s, x)
  const isTiny = s.less(x, 2 ** -1022)
  const scaled = s.where(isTiny, s.mul(x, 2 ** 54), x)
  const exponent = s.floor(s.add(s.log2(scaled), 0.5))
  const mantissa = s.mul(scaled, s.exp2(s.mul(exponent, -1)))
  const correction = s.where(isTiny, s.constant(x.dtype, 54), 0)
  return { exponent: s.sub(exponent, correction), mantissa }
}

/**
 * The quotient f / (2 + f) with half as many bits again as a float has: the differences in `rest`
 * are exact but for the last one.
 */
function quotient(s: ScalarBuilder, f: Scalar): { rounded: Scalar } & Pair {
  const divisor = s.add(f, 2)
  const rounded = s.div(f, divisor)
  const high = leadingPart(s, rounded)
  const leading = leadingPart(s, f)
  const product = s.mul(high, leading)
  const rest = s.sub(s.sub(s.sub(f, s.mul(high, 2)), product), s.mul(high, s.sub(f, leading)))
  return { rounded, high, low: s.div(rest, divisor) }
}

/**
 * log2 x for positive finite x to about eight bits more than a float has: n + log2 m, in which
 * log m = 2 (u + u³/3 + u⁵/5 + …) with u = (m − 1) / (m + 1). Its terms beyond the first are so much
 * smaller that they need no extra bits.
 */
function preciseLog2(s: ScalarBuilder, x: Scalar): Pair {
  const { twoOverLn2: constant, terms } = precisionOf(x)
  const { exponent, mantissa } = split(s, x)
  const u = quotient(s, s.sub(mantissa, 1))
  const square = s.mul(u.rounded, u.rounded)
  const coefficients = Array.from({ length: terms }, (_, k) => twoOverLn2 / (2 * k + 3))
  const beyond = s.mul(s.mul(u.rounded, square), polynomial(s, square, coefficients))
  const first = s.mul(u.high, constant[0])
  const second = s.add(s.add(s.mul(u.high, constant[1]), s.mul(u.low, twoOverLn2)), beyond)
  const high = leadingPart(s, s.add(exponent, s.add(first, second)))
  return { high, low: s.add(s.add(s.sub(exponent, high), first), second) }
}

/** 2^(b · log2) for a pair. The product is taken apart, so that its error stays small. */
function scaledPower(s: ScalarBuilder, log2: Pair, b: Scalar): Scalar {
  const { largestExponent, largestPower } = precisionOf(b)
  const exponent = s.min(s.max(b, -largestExponent), largestExponent)
  const leading = leadingPart(s, exponent)
  const rest = s.add(s.mul(s.sub(exponent, leading), log2.high), s.mul(exponent, log2.low))
  const limited = s.min(s.max(s.mul(leading, log2.high), -largestPower), largestPower)
  const whole = s.floor(s.add(limited, 0.5))
  const fraction = s.add(s.sub(limited, whole), s.min(s.max(rest, -1), 1))
  // In two factors: results run through more powers of two than one float can hold.
  const half = s.floor(s.mul(whole, 0.5))
  return s.mul(s.mul(s.exp2(fraction), s.exp2(half)), s.exp2(s.sub(whole, half)))
}

/**
 * `a^b` with the special cases of IEEE 754, save that −0 counts as 0: a^0 = 1 and 1^b = 1 for all a
 * and b, NaN included; negative numbers have powers with integer exponents only.
 */
export function power(s: ScalarBuilder, a: Scalar, b: Scalar): Scalar {
  const size = magnitude(s, a)
  const isZero = s.equal(size, 0)
  const isEdge = s.or(isZero, s.equal(size, Number.POSITIVE_INFINITY))
  const vanishes = s.xor(s.less(b, 0), isZero)
  const edge = s.where(vanishes, s.constant(a.dtype, 0), Number.POSITIVE_INFINITY)
  const value = s.where(isEdge, edge, scaledPower(s, preciseLog2(s, size), b))
  const isNegative = s.less(a, 0)
  const signed = s.where(s.and(isNegative, s.equal(s.mod(b, 2), 1)), s.mul(value, -1), value)
  const hasPower = s.or(s.not(isNegative), s.equal(s.floor(b), b))
  const isDefined = s.and(hasPower, s.and(s.equal(a, a), s.equal(b, b)))
  const isOne = s.or(s.equal(b, 0), s.equal(a, 1))
  const known = s.where(isDefined, signed, s.constant(a.dtype, Number.NaN))
  return s.where(isOne, s.constant(a.dtype, 1), known)
}
