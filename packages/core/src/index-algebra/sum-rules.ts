import type { Atom, Digit, Index, SumRule } from './expression.ts'
import { areSafe } from './integer.ts'

/**
 * Adjacent digits of one expression are one wider digit:
 * `k D(e, d, m) + k m D(e, d m, m') = k D(e, d, m m')`.
 *
 * The partner is looked for in the normal form that it would have, which may be a digit of another
 * expression (its low part dropped) or an axis. This is what undoes `flatten(unflatten(e))`; without
 * it a quarter of all reshapes keep their digits.
 */
const recombine: SumRule = (space, constant, terms) => {
  if (terms.length < 2) return undefined
  for (const low of terms) {
    if (low.atom.kind !== 'digit' || low.atom.modulus === Infinity) continue
    for (const high of terms) {
      if (high.coefficient !== low.coefficient * low.atom.modulus) continue
      const joined = joinDigits(low.atom, high.atom)
      if (joined === undefined) continue
      const rest = terms.filter((term) => term !== low && term !== high)
      return space.combine(constant, rest).add(joined.mul(low.coefficient))
    }
  }
  return undefined
}

/** `low + m * high` as one digit, where `low` has the modulus m and `high` continues it. */
function joinDigits({ of, divisor, modulus }: Digit, high: Atom): Index | undefined {
  const period = divisor * modulus
  if (!areSafe(period)) return undefined
  for (const next of partnerModuli(high)) {
    if (next !== Infinity && !areSafe(period * next)) continue
    if (of.digit(period, next) !== of.space.atom(high)) continue
    return of.digit(divisor, modulus * next)
  }
  return undefined
}

/** The moduli with which an atom could have continued a digit. */
function partnerModuli(atom: Atom): number[] {
  const isBounded = atom.kind === 'digit' && atom.modulus !== Infinity
  return isBounded ? [Infinity, atom.modulus] : [Infinity]
}

/** In the order in which they are tried. */
export const sumRules: readonly SumRule[] = [recombine]
