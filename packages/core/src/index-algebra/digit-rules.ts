import { splitRules } from './digit-split-rules.ts'
import type { DigitRule, Index, Term } from './expression.ts'
import { areSafe, floorDivide, floorModulo } from './integer.ts'
import { divided } from './mixed-radix.ts'

/**
 * Rewrites of `D(e, d, m) = floor(e / d) mod m` by the range, the sign and the structure of e.
 *
 * Every rule lowers one of: the depth of the digits inside e, the size of its coefficients, whether
 * m is finite; so their composition ends. Two tempting rewrites are left out on purpose, since they
 * destroy structure that is recognised later: replacing a coefficient by its remainder where the
 * term does not vanish, and dropping an inner modulus that an outer one covers.
 */

/** A quotient that is the same at both bounds of e is that constant. */
const constantQuotient: DigitRule = (of, divisor, modulus) => {
  const quotient = floorDivide(of.min, divisor)
  if (quotient !== floorDivide(of.max, divisor)) return undefined
  return of.space.constant(modulus === Infinity ? quotient : floorModulo(quotient, modulus))
}

/** Where e stays within one period d m, the q-th, `D(e, d, m) = D(e, d, inf) - q m`. */
const singlePeriod: DigitRule = (of, divisor, modulus) => {
  if (modulus === Infinity) return undefined
  const period = divisor * modulus
  const quotient = floorDivide(of.min, period)
  if (quotient !== floorDivide(of.max, period)) return undefined
  return of.digit(divisor, Infinity).sub(quotient * modulus)
}

/** Multiples of the period vanish; of a bare quotient, multiples of d leave as their quotient. */
const wholeMultiples: DigitRule = (of, divisor, modulus) => {
  const { space } = of
  const period = modulus === Infinity ? divisor : divisor * modulus
  // No value reaches such a period.
  if (!areSafe(period)) return undefined
  const constant = floorModulo(of.constant, period)
  const isMultiple = (term: Term): boolean => term.coefficient % period === 0
  if (constant === of.constant && !of.terms.some(isMultiple)) return undefined
  const rest = space.combine(
    constant,
    of.terms.filter((term) => !isMultiple(term)),
  )
  const digit = rest.digit(divisor, modulus)
  if (modulus !== Infinity) return digit
  const whole = of.terms.filter(isMultiple)
  return digit.add(divided(space, (of.constant - constant) / divisor, whole, divisor))
}

/**
 * Complement: `D(e, d, m) = m - 1 - D(-1 - e, d, m)`, and -1 for m - 1 where m is infinite. Applied
 * where the leading coefficient (the largest in size) is negative, so that a flipped axis and the
 * axis itself share their digits.
 */
const complement: DigitRule = (of, divisor, modulus) => {
  if (leadingCoefficient(of) >= 0) return undefined
  const mirrored = of.mul(-1).sub(1).digit(divisor, modulus)
  return mirrored.mul(-1).add(modulus === Infinity ? -1 : modulus - 1)
}

function leadingCoefficient(index: Index): number {
  let leading = 0
  for (const { coefficient } of index.terms) {
    const larger = Math.abs(coefficient) - Math.abs(leading)
    if (larger > 0 || (larger === 0 && coefficient > 0)) leading = coefficient
  }
  return leading
}

/**
 * A quotient plus a whole number, divided again:
 * `D(D(e, d, inf) + c, d', m) = D(e + c d, d d', m)`.
 */
const nestedQuotient: DigitRule = (of, divisor, modulus) => {
  const inner = of.terms[0]
  if (of.terms.length !== 1 || inner?.coefficient !== 1) return undefined
  if (inner.atom.kind !== 'digit' || inner.atom.modulus !== Infinity) return undefined
  const { of: innermost, divisor: innerDivisor } = inner.atom
  const shift = of.constant * innerDivisor
  if (!areSafe(innerDivisor * divisor, innermost.min + shift, innermost.max + shift)) {
    return undefined
  }
  return innermost.add(shift).digit(innerDivisor * divisor, modulus)
}

/**
 * A digit of a digit: for `d' | m` and `q = m / d'`, `D(D(e, d, m), d', m')` is `D(e, d d', q)` where
 * `q <= m'`, and `D(e, d d', m')` where `m' | q`.
 */
const nestedDigit: DigitRule = (of, divisor, modulus) => {
  const inner = of.terms[0]
  if (of.terms.length !== 1 || inner?.coefficient !== 1 || of.constant !== 0) return undefined
  if (inner.atom.kind !== 'digit' || inner.atom.modulus % divisor !== 0) return undefined
  const { of: innermost, divisor: innerDivisor } = inner.atom
  if (!areSafe(innerDivisor * divisor)) return undefined
  const quotient = inner.atom.modulus / divisor
  if (quotient <= modulus) return innermost.digit(innerDivisor * divisor, quotient)
  return quotient % modulus === 0 ? innermost.digit(innerDivisor * divisor, modulus) : undefined
}

/**
 * Any function of a variable with two values is affine in it. So is a quotient that is constant for
 * either value of such a variable, and a remainder whose period is.
 */
const twoValues: DigitRule = (of, divisor, modulus) => {
  if (divisor !== 1 && modulus !== Infinity) {
    const quotient = of.digit(divisor, Infinity)
    return quotient.isAffine ? quotient.mod(modulus) : undefined
  }
  const period = modulus === Infinity ? divisor : modulus
  for (const term of of.terms) {
    const periods = periodsOf(of, term, period)
    if (periods === undefined) continue
    const [first, second] = periods
    const { atom } = term
    const which = of.space.atom(atom).sub(atom.min)
    const count = which.mul(second - first).add(first)
    return modulus === Infinity ? count : of.sub(count.mul(period))
  }
  return undefined
}

/** The number of whole periods in an expression for the first and the second value of a term. */
function periodsOf(of: Index, term: Term, period: number): [number, number] | undefined {
  const { atom, coefficient } = term
  if (atom.max - atom.min !== 1) return undefined
  const step = Math.abs(coefficient)
  const [first, second] = [of.min, of.min + step].map((min) => {
    const quotient = floorDivide(min, period)
    return quotient === floorDivide(min + of.max - of.min - step, period) ? quotient : undefined
  })
  if (first === undefined || second === undefined) return undefined
  return coefficient > 0 ? [first, second] : [second, first]
}

/** In the order in which they are tried. */
export const digitRules: readonly DigitRule[] = [
  constantQuotient,
  singlePeriod,
  wholeMultiples,
  complement,
  nestedQuotient,
  nestedDigit,
  ...splitRules,
  twoValues,
]
