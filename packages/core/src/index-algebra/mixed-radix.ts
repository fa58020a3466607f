import type { ExpressionTable, Index, Term } from './expression.ts'
import { floorModulo, gcd } from './integer.ts'

/** A number in mixed radix: `index = radix * high + low` with `0 <= low < radix`. */
export interface RadixSplit {
  readonly high: Index
  readonly low: Index
}

/**
 * The radices at which an expression is worth a try to split, largest first: the divisors shared by
 * one coefficient or by all of the largest ones, as `narrow` restricts them (1 for none).
 */
export function radicesOf(index: Index, narrow: (divisor: number) => number): number[] {
  const sizes = index.terms.map((term) => Math.abs(term.coefficient)).sort((a, b) => b - a)
  const found = new Set<number>()
  let common = 0
  for (const size of sizes) {
    common = gcd(common, size)
    found.add(narrow(size)).add(narrow(common))
  }
  found.delete(1)
  return [...found].sort((a, b) => b - a)
}

/** The sum with all coefficients divided by a number that divides them. */
export function divided(
  space: ExpressionTable,
  constant: number,
  terms: readonly Term[],
  divisor: number,
): Index {
  const quotients = terms.map(({ atom, coefficient }) => ({
    atom,
    coefficient: coefficient / divisor,
  }))
  return space.combine(constant, quotients)
}

/** Splits an expression at a radix, where the terms below it and some share of the constant fit. */
export function splitAt(index: Index, radix: number): RadixSplit | undefined {
  const isHigh = (term: Term): boolean => term.coefficient % radix === 0
  const high = index.terms.filter(isHigh)
  if (high.length === 0) return undefined
  const lowTerms = index.terms.filter((term) => !isHigh(term))
  const rest = index.space.combine(0, lowTerms)
  // The only share of the constant that can put `low` inside [0, radix).
  const lowest = floorModulo(index.constant + rest.min, radix)
  if (lowest + rest.max - rest.min >= radix) return undefined
  const low = rest.add(lowest - rest.min)
  const constant = (index.constant - low.constant) / radix
  return { high: divided(index.space, constant, high, radix), low }
}
