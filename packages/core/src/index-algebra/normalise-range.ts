import type { Index } from './expression.ts'
import { ceilDivide, floorDivide, floorModulo, gcd } from './integer.ts'
import { divided, radicesOf, splitAt } from './mixed-radix.ts'
import type { Range } from './range.ts'

/** A single predicate after simplification: it may turn out to hold always or never. */
export type Verdict = Range | 'always' | 'never'

type RangeRule = (range: Range) => Range | undefined

/**
 * The normal form of one predicate. Its expression has no constant, no common factor and a positive
 * first coefficient; an end that the bounds of the expression imply is open.
 */
export function normaliseRange(range: Range): Verdict {
  let current = range
  for (;;) {
    const verdict = openImpliedEnds(current)
    if (typeof verdict === 'string') return verdict
    const next = rewriteOnce(verdict)
    if (next === undefined) return verdict
    current = next
  }
}

/** With finite ends: an open end becomes the bound of the expression. */
export function closeEnds({ index, low, high }: Range): Range {
  return { index, low: Math.max(low, index.min), high: Math.min(high, index.max + 1) }
}

/** The range without what the bounds of its expression, or narrower ones, imply. */
export function openImpliedEnds(
  { index, low, high }: Range,
  { min, max }: { readonly min: number; readonly max: number } = index,
): Verdict {
  if (low >= high || low > max || high <= min) return 'never'
  const from = low <= min ? -Infinity : low
  const to = high > max ? Infinity : high
  return from === -Infinity && to === Infinity ? 'always' : { index, low: from, high: to }
}

function rewriteOnce(range: Range): Range | undefined {
  for (const rule of rangeRules) {
    const result = rule(range)
    if (result !== undefined) return result
  }
  return undefined
}

/** `low <= e + c < high` is `low - c <= e < high - c`. */
const moveConstant: RangeRule = ({ index, low, high }) => {
  const { constant } = index
  if (constant === 0) return undefined
  return { index: index.sub(constant), low: low - constant, high: high - constant }
}

/** `low <= g e < high` is `ceil(low / g) <= e < ceil(high / g)`. */
const divideCommonFactor: RangeRule = ({ index, low, high }) => {
  const factor = index.terms.reduce((common, term) => gcd(common, Math.abs(term.coefficient)), 0)
  if (factor <= 1) return undefined
  return {
    index: divided(index.space, 0, index.terms, factor),
    low: ceilDivide(low, factor),
    high: ceilDivide(high, factor),
  }
}

/** `low <= -e < high` is `1 - high <= e < 1 - low`. */
const makePositive: RangeRule = ({ index, low, high }) => {
  if ((index.terms[0]?.coefficient ?? 0) >= 0) return undefined
  return { index: index.mul(-1), low: 1 - high, high: 1 - low }
}

/** `low <= floor(e / d) < high` is `low d <= e < high d`. */
const unfoldQuotient: RangeRule = ({ index, low, high }) => {
  const atom = index.terms[0]?.atom
  if (index.terms.length !== 1 || atom?.kind !== 'digit' || atom.modulus !== Infinity) {
    return undefined
  }
  return { index: atom.of, low: low * atom.divisor, high: high * atom.divisor }
}

/** A bound on `g X + R` with `0 <= R < g` that R cannot decide is a bound on X. */
const dropLowPart: RangeRule = ({ index, low, high }) => {
  for (const radix of radicesOf(index, (common) => common)) {
    const split = splitAt(index, radix)
    if (split === undefined) continue
    const from = boundOfHigh(low, radix, split.low)
    const to = boundOfHigh(high, radix, split.low)
    if (from !== undefined && to !== undefined) return { index: split.high, low: from, high: to }
  }
  return undefined
}

/** The b with `radix X + R >= bound` exactly where `X >= b`, if R never decides. */
function boundOfHigh(bound: number, radix: number, low: Index): number | undefined {
  if (!Number.isFinite(bound)) return bound
  const rest = floorModulo(bound, radix)
  if (rest > low.min && rest <= low.max) return undefined
  return floorDivide(bound, radix) + (rest > low.max ? 1 : 0)
}

const rangeRules: readonly RangeRule[] = [
  moveConstant,
  divideCommonFactor,
  makePositive,
  unfoldQuotient,
  dropLowPart,
]
