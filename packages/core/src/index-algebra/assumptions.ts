import type { Atom, Axis, Index, Term } from './expression.ts'
import { closeEnds, normaliseRange } from './normalise-range.ts'
import type { Range } from './range.ts'

/** An expression without constant whose value is known to lie in a range narrower than its bounds. */
interface Assumption {
  readonly form: Index
  /** Stands for the form: a fresh axis of the range's length plus its lower end. */
  readonly stand: Index
}

/**
 * Facts that hold at every point of interest, as fresh axes that stand for the bounded expressions:
 * whatever is rewritten over them is simplified, and bounded, by the facts.
 */
export class Assumptions {
  readonly #assumptions: readonly Assumption[]
  readonly #original: ReadonlyMap<Axis, Index>
  readonly #assumed = new Map<Index, Index>()

  constructor(facts: readonly Range[]) {
    const assumptions: Assumption[] = []
    const original = new Map<Axis, Index>()
    for (const fact of facts) {
      const verdict = normaliseRange(fact)
      if (typeof verdict === 'string') continue
      const { index: form, low, high } = closeEnds(verdict)
      const stand = form.space.standIn(form, low, high)
      assumptions.push({ form, stand })
      for (const axis of stand.axes()) original.set(axis, form.sub(low))
    }
    this.#assumptions = assumptions.sort(bySpecificity)
    this.#original = original
  }

  get isEmpty(): boolean {
    return this.#assumptions.length === 0
  }

  /** The expression over the fresh axes; equal to the original where the facts hold. */
  assume(index: Index): Index {
    let result = this.#assumed.get(index)
    if (result === undefined) {
      result = this.#rewrite(index)
      this.#assumed.set(index, result)
    }
    return result
  }

  /** The expression over the original axes again. */
  restore(index: Index): Index {
    return index.substitute(this.#original)
  }

  #rewrite(index: Index): Index {
    const { space } = index
    const rest = new Map<Atom, number>()
    for (const { atom, coefficient } of index.terms) rest.set(atom, coefficient)
    const parts: [Index, number][] = []
    for (const { form, stand } of this.#assumptions) {
      const factor = multipleIn(rest, form.terms)
      if (factor === 0) continue
      parts.push([stand, factor])
      for (const { atom } of form.terms) rest.delete(atom)
    }
    for (const [atom, coefficient] of rest) {
      const value =
        atom.kind === 'axis'
          ? space.atom(atom)
          : this.assume(atom.of).digit(atom.divisor, atom.modulus)
      parts.push([value, coefficient])
    }
    return space.sum(parts, index.constant)
  }
}

/** The whole factor k with which all terms occur, `coefficients = k * terms`; 0 if there is none. */
function multipleIn(coefficients: ReadonlyMap<Atom, number>, terms: readonly Term[]): number {
  let factor: number | undefined
  for (const { atom, coefficient } of terms) {
    const ratio = (coefficients.get(atom) ?? 0) / coefficient
    if (ratio === 0 || !Number.isInteger(ratio)) return 0
    if (factor !== undefined && ratio !== factor) return 0
    factor = ratio
  }
  return factor ?? 0
}

/** Facts on more terms first, since they say something that facts on fewer do not. */
function bySpecificity(a: Assumption, b: Assumption): number {
  return b.form.terms.length - a.form.terms.length || a.form.id - b.form.id
}
