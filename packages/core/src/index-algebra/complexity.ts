import type { Digit, Index } from './expression.ts'

/** What a loop body pays for its index expressions. */
export interface Complexity {
  /** Expressions that are not affine in the axes. */
  readonly notAffine: number
  /** Distinct digits, nested ones included. */
  readonly digits: number
  readonly terms: number
}

export function complexityOf(indices: readonly Index[]): Complexity {
  const digits = digitsOf(indices)
  let terms = 0
  for (const index of indices) terms += index.terms.length
  for (const digit of digits) terms += digit.of.terms.length
  const notAffine = indices.filter((index) => !index.isAffine).length
  return { notAffine, digits: digits.size, terms }
}

/** Compares affinity, then digits. Terms do not count: a split axis is two terms where it was one. */
export function hasFewerDigits(a: Complexity, b: Complexity): boolean {
  return a.notAffine === b.notAffine ? a.digits < b.digits : a.notAffine < b.notAffine
}

/** Compares affinity, then digits, then terms. */
export function isSimpler(a: Complexity, b: Complexity): boolean {
  return hasFewerDigits(a, b) || (!hasFewerDigits(b, a) && a.terms < b.terms)
}

/** All digits that occur anywhere, also inside other digits. */
export function digitsOf(indices: readonly Index[]): ReadonlySet<Digit> {
  const found = new Set<Digit>()
  const pending = [...indices]
  for (let index = pending.pop(); index !== undefined; index = pending.pop()) {
    for (const { atom } of index.terms) {
      if (atom.kind === 'axis' || found.has(atom)) continue
      found.add(atom)
      pending.push(atom.of)
    }
  }
  return found
}
