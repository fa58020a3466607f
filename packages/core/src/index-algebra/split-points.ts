import { digitsOf } from './complexity.ts'
import type { Axis, Digit, Index } from './expression.ts'
import { floorModulo, gcd } from './integer.ts'

/** Bounds the number of ways to split one axis that are tried. */
const maxChains = 32

/**
 * Where splitting an axis may make a digit fall apart: for a term `k x` inside `floor(e / d) mod m`,
 * at the smallest step of x that moves e by whole multiples of d, or of d m. Ascending divisors of
 * the axis' size.
 */
export function splitPointsOf(indices: readonly Index[]): ReadonlyMap<Axis, readonly number[]> {
  const points = new Map<Axis, Set<number>>()
  for (const digit of digitsOf(indices)) {
    for (const { atom, coefficient } of digit.of.terms) {
      if (atom.kind !== 'axis') continue
      for (const step of stepsOf(digit)) {
        const point = step / gcd(step, Math.abs(coefficient))
        if (point <= 1 || point >= atom.size || atom.size % point !== 0) continue
        const known = points.get(atom)
        if (known === undefined) points.set(atom, new Set([point]))
        else known.add(point)
      }
    }
  }
  const ordered = [...points].sort(([a], [b]) => a.id - b.id)
  return new Map(ordered.map(([axis, found]) => [axis, [...found].sort((a, b) => a - b)]))
}

/** The steps of e that may separate its digit: whole periods, and the way to the first carry. */
function stepsOf({ of, divisor, modulus }: Digit): number[] {
  const period = divisor * modulus
  const radices = Number.isSafeInteger(period) ? [divisor, period] : [divisor]
  if (of.constant === 0) return radices
  const toCarry = radices.map((radix) => radix - floorModulo(of.constant, radix))
  return [...radices, ...toCarry]
}

/**
 * The longest chains of points in which each divides the next: an axis can be split at all points
 * of a chain at once. Longer chains first, at most 32.
 */
export function chainsOf(points: readonly number[]): number[][] {
  const chains: number[][] = []
  const extend = (chain: readonly number[], from: number): void => {
    if (chains.length >= maxChains) return
    const last = chain[chain.length - 1] ?? 1
    const next = points.filter((point) => point >= from && point > last && point % last === 0)
    if (next.length === 0) chains.push([...chain])
    for (const point of next) {
      const between = next.some((other) => other < point && point % other === 0)
      if (!between) extend([...chain, point], point)
    }
  }
  extend([], 1)
  return chains.sort((a, b) => b.length - a.length)
}
