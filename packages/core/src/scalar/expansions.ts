import type { ScalarFunction } from '../ir/instruction.ts'
import type { Arithmetic } from './arithmetic.ts'
import { polynomial } from './polynomial.ts'
import type { Scalar } from './scalar.ts'
import { splitExponent } from './split-exponent.ts'

type Expansion = (s: Arithmetic, x: Scalar) => Scalar

/** Scalar functions in instructions, accurate to a few ulp of float32. */
export const expansions: Readonly<Record<ScalarFunction, Expansion>> = {
  exp,
  log,
  log1p,
  expm1,
  tanh,
  cos,
}

// ln 2 in two parts and π in four: all but the last have so few bits that their products with small
// integers are exact, so that the reduced argument keeps all its bits.
const ln2High = 0.693359375
const ln2Low = -2.1219444005469057e-4
const piParts = [3.140625, 9.670257568359375e-4, 6.277114152908325e-7, 1.2154201256553421e-10]

/** x = n ln 2 + r with |r| ≤ ln 2 / 2, then a Taylor polynomial of e^r scaled by 2^n. */
function exp(s: Arithmetic, x: Scalar): Scalar {
  const clamped = s.min(s.max(x, -104), 89)
  const n = s.floor(s.add(s.mul(clamped, Math.LOG2E), 0.5))
  const r = s.sub(s.sub(clamped, s.mul(n, ln2High)), s.mul(n, ln2Low))
  const power = polynomial(s, r, [1, 1, 1 / 2, 1 / 6, 1 / 24, 1 / 120, 1 / 720, 1 / 5040])
  // 2^n in two factors: n runs from −150 to 128, beyond the exponents that one float can hold.
  const half = s.floor(s.mul(n, 0.5))
  return s.mul(s.mul(power, s.exp2(half)), s.exp2(s.sub(n, half)))
}

/** x = 2^n m with m in [√½, √2), and log m = 2 artanh((m − 1) / (m + 1)) as an odd series. */
function log(s: Arithmetic, x: Scalar): Scalar {
  const { exponent: n, mantissa } = splitExponent(s, x)
  const m = s.sub(mantissa, 1)
  const u = s.div(m, s.add(m, 2))
  const u2 = s.mul(u, u)
  const series = s.mul(s.mul(u, u2), polynomial(s, u2, [2 / 3, 2 / 5, 2 / 7, 2 / 9, 2 / 11]))
  const value = s.add(s.mul(n, ln2High), s.add(s.add(s.mul(u, 2), series), s.mul(n, ln2Low)))
  return logEdges(s, x, value)
}

/** log 0 = −∞, log ∞ = ∞, NaN for negative numbers and NaN. */
function logEdges(s: Arithmetic, x: Scalar, value: Scalar): Scalar {
  const finite = s.where(s.less(x, Number.POSITIVE_INFINITY), value, x)
  const positive = s.where(s.equal(x, 0), s.constant(x.dtype, Number.NEGATIVE_INFINITY), finite)
  return s.where(s.less(x, 0), s.constant(x.dtype, Number.NaN), positive)
}

/** Kahan: log(u) x / (u − 1) with u = 1 + x as rounded, exact in the limit u = 1. */
function log1p(s: Arithmetic, x: Scalar): Scalar {
  const u = s.add(x, 1)
  const d = s.sub(u, 1)
  const corrected = s.mul(log(s, u), s.div(x, d))
  const large = s.where(s.less(u, Number.POSITIVE_INFINITY), corrected, u)
  return s.where(s.equal(d, 0), x, s.where(s.equal(u, 0), log(s, u), large))
}

/** Taylor polynomial near 0, where e^x − 1 would cancel; the plain difference elsewhere. */
function expm1(s: Arithmetic, x: Scalar): Scalar {
  const terms = [1, 2, 6, 24, 120, 720, 5040, 40320].map((factorial) => 1 / factorial)
  const near = s.mul(x, polynomial(s, x, terms))
  const magnitude = s.max(x, s.sub(s.constant(x.dtype, 0), x))
  return s.where(s.less(magnitude, 0.5), near, s.sub(exp(s, x), 1))
}

/** (e^2x − 1) / (e^2x + 1), which has reached ±1 in float32 beyond 10. */
function tanh(s: Arithmetic, x: Scalar): Scalar {
  const clamped = s.min(s.max(x, -10), 10)
  const e = expm1(s, s.mul(clamped, 2))
  return s.div(e, s.add(e, 2))
}

/**
 * x = (n + ½)π + r with |r| ≤ π / 2, cos x = (−1)^(n + 1) sin r: exact beside the zeros. Beyond 2^15
 * the reduced argument loses its bits.
 */
function cos(s: Arithmetic, x: Scalar): Scalar {
  const n = s.floor(s.mul(x, 1 / Math.PI))
  const h = s.add(n, 0.5)
  const r = piParts.reduce<Scalar>((rest, part) => s.sub(rest, s.mul(h, part)), x)
  return s.mul(s.sin(r), s.sub(s.mul(s.mod(n, 2), 2), 1))
}
