import { floorDivide, floorModulo } from './integer.ts'

/** A loop variable: an integer with `0 <= axis < size`. */
export interface Axis {
  readonly kind: 'axis'
  /** Unique among the atoms of a space; later atoms have larger ids. */
  readonly id: number
  readonly size: number
  readonly name: string
  /** Always 0. */
  readonly min: number
  /** `size - 1`. */
  readonly max: number
}

/** `floor(of / divisor) mod modulus`, rounding down; a modulus of Infinity leaves the quotient. */
export interface Digit {
  readonly kind: 'digit'
  /** Unique among the atoms of a space; later atoms have larger ids. */
  readonly id: number
  readonly of: Index
  readonly divisor: number
  readonly modulus: number
  /** Bounds of the value, inclusive. */
  readonly min: number
  readonly max: number
}

/** What cannot be taken apart any further: a loop variable or a digit of an expression. */
export type Atom = Axis | Digit

/** `coefficient * atom`; the coefficient is not 0. */
export interface Term {
  readonly atom: Atom
  readonly coefficient: number
}

/**
 * Rewrites the digit `floor(of / divisor) mod modulus` to a simpler expression that is equal at
 * every point, or returns undefined where it does not apply.
 */
export type DigitRule = (of: Index, divisor: number, modulus: number) => Index | undefined

/**
 * Rewrites the sum `constant + sum of terms` (like terms collected, sorted by atom id) to a simpler
 * expression that is equal at every point, or returns undefined where it does not apply.
 */
export type SumRule = (
  space: ExpressionTable,
  constant: number,
  terms: readonly Term[],
) => Index | undefined

/** The rewrites that define a normal form, each list tried in order until one applies. */
export interface Rules {
  readonly digit: readonly DigitRule[]
  readonly sum: readonly SumRule[]
}

/**
 * An integer expression over axes in normal form: `constant + sum of coefficient * atom`.
 *
 * Expressions are immutable and hash-consed: within a space, expressions with the same normal form
 * are the same object, so `===` compares them. Division and remainder round down. All values must
 * stay within the safe integers, else a RangeError is thrown.
 *
 * ```ts
 * const space = new IndexSpace()
 * const i = space.axis(6, 'i')
 * const j = space.axis(4, 'j')
 * i.mul(4).add(j).floorDiv(4) === i // true
 * ```
 */
export class Index {
  readonly space: ExpressionTable
  /** Unique among the expressions of a space; later expressions have larger ids. */
  readonly id: number
  readonly constant: number
  /** Sorted by atom id; no coefficient is 0 and no atom occurs twice. */
  readonly terms: readonly Term[]
  /** Smallest and largest value by interval arithmetic: sound, not always reached. */
  readonly min: number
  readonly max: number
  #axes: ReadonlySet<Axis> | undefined
  #negative: Index | undefined

  /** Expressions are made by their space, never directly. */
  constructor(space: ExpressionTable, id: number, constant: number, terms: readonly Term[]) {
    this.space = space
    this.id = id
    this.constant = constant
    this.terms = terms
    const bounds = boundsOf(constant, terms)
    this.min = bounds.min
    this.max = bounds.max
  }

  get isConstant(): boolean {
    return this.terms.length === 0
  }

  /** Whether only axes occur, no digits. */
  get isAffine(): boolean {
    return this.terms.every((term) => term.atom.kind === 'axis')
  }

  /** The axis, where the expression is nothing but one axis. */
  get asAxis(): Axis | undefined {
    const term = this.terms[0]
    if (this.terms.length !== 1 || this.constant !== 0 || term?.coefficient !== 1) return undefined
    return term.atom.kind === 'axis' ? term.atom : undefined
  }

  add(other: Index | number): Index {
    return typeof other === 'number' ? this.space.shift(this, other) : this.space.add(this, other)
  }

  sub(other: Index | number): Index {
    return typeof other === 'number'
      ? this.space.shift(this, -other)
      : this.space.add(this, other.mul(-1))
  }

  mul(factor: number): Index {
    if (factor === 1) return this
    if (factor !== -1) return this.space.scale(this, factor)
    this.#negative ??= this.space.scale(this, -1)
    return this.#negative
  }

  /** `floor(this / divisor)`, rounding down; divisor > 0. */
  floorDiv(divisor: number): Index {
    return this.space.digit(this, divisor, Infinity)
  }

  /** `this - modulus * floor(this / modulus)`, in [0, modulus); modulus > 0. */
  mod(modulus: number): Index {
    return this.space.digit(this, 1, modulus)
  }

  /** `floor(this / divisor) mod modulus`; a modulus of Infinity leaves the quotient. */
  digit(divisor: number, modulus: number): Index {
    return this.space.digit(this, divisor, modulus)
  }

  /** All axes that occur anywhere, also inside digits, in the order of their first occurrence. */
  axes(): ReadonlySet<Axis> {
    this.#axes ??= collectAxes(this.terms)
    return this.#axes
  }

  /** The coefficient of the bare axis, 0 where it occurs only inside digits or not at all. */
  coefficientOf(axis: Axis): number {
    for (const term of this.terms) if (term.atom === axis) return term.coefficient
    return 0
  }

  /**
   * Replaces axes by expressions, which must lie within the axis (`0 <= value < size`) wherever the
   * result is used: the axis' range has already been used to simplify.
   */
  substitute(map: ReadonlyMap<Axis, Index>): Index {
    return substituteIn(this, map, new Map())
  }

  /** The value at a point. */
  evaluate(valueAt: (axis: Axis) => number): number {
    let value = this.constant
    for (const { atom, coefficient } of this.terms) {
      value += coefficient * evaluateAtom(atom, valueAt)
    }
    return value
  }

  /** As in `4*i + (j + 1)/8%3 - 2`, where `/` and `%` round down and bind to what is before them. */
  toString(): string {
    let text = ''
    for (const { atom, coefficient } of this.terms) {
      const size = Math.abs(coefficient)
      text += text === '' ? (coefficient < 0 ? '-' : '') : coefficient < 0 ? ' - ' : ' + '
      text += size === 1 ? atomText(atom) : `${size}*${atomText(atom)}`
    }
    if (text === '') return `${this.constant}`
    if (this.constant === 0) return text
    return `${text} ${this.constant < 0 ? '-' : '+'} ${Math.abs(this.constant)}`
  }
}

/**
 * Makes and owns the expressions of a space: collects like terms, applies the rules of a normal
 * form, and keeps every result, so that equal expressions are one object and repeated operations
 * are look-ups. Which rules it applies is up to the caller.
 */
export class ExpressionTable {
  readonly #rules: Rules
  readonly #expressions = new Map<string, Index>()
  readonly #digits = new Map<string, Index>()
  readonly #sums = new Map<number, Index>()
  readonly #atoms = new Map<Atom, Index>()
  readonly #standIns = new Map<string, Index>()
  readonly #zero: Index
  #nextAtom = 0
  #nextExpression = 0

  constructor(rules: Rules) {
    this.#rules = rules
    this.#zero = this.#normalise(0, [])
  }

  /** A fresh axis `0 <= axis < size`; size 1 (or 0, where no point exists) gives the constant 0. */
  axis(size: number, name?: string): Index {
    checkInteger('size', size, 0)
    if (size <= 1) return this.#zero
    const id = this.#nextAtom++
    return this.atom({ kind: 'axis', id, size, name: name ?? `a${id}`, min: 0, max: size - 1 })
  }

  /**
   * An expression over an axis of its own that stands for one known to lie in `[low, high)`; the
   * same for the same arguments, so that what is simplified under a fact is remembered.
   */
  standIn(index: Index, low: number, high: number): Index {
    const key = `${index.id}:${low}:${high}`
    let stand = this.#standIns.get(key)
    if (stand === undefined) {
      stand = this.axis(high - low).add(low)
      this.#standIns.set(key, stand)
    }
    return stand
  }

  constant(value: number): Index {
    return value === 0 ? this.#zero : this.#normalise(value, [])
  }

  /** The expression that is one atom of this space. */
  atom(atom: Atom): Index {
    let index = this.#atoms.get(atom)
    if (index === undefined) {
      index = this.#normalise(0, [{ atom, coefficient: 1 }])
      this.#atoms.set(atom, index)
    }
    return index
  }

  /** The linear combination `constant + sum of factor * index` over the pairs `[index, factor]`. */
  sum(parts: Iterable<readonly [Index, number]>, constant = 0): Index {
    const coefficients = new Map<Atom, number>()
    for (const [index, factor] of parts) {
      this.#checkOwn(index)
      constant += factor * index.constant
      for (const { atom, coefficient } of index.terms) {
        coefficients.set(atom, (coefficients.get(atom) ?? 0) + factor * coefficient)
      }
    }
    const terms: Term[] = []
    for (const [atom, coefficient] of coefficients) {
      if (coefficient !== 0) terms.push({ atom, coefficient })
    }
    terms.sort((a, b) => a.atom.id - b.atom.id)
    return this.#normalise(constant, terms)
  }

  add(left: Index, right: Index): Index {
    this.#checkOwn(left)
    this.#checkOwn(right)
    if (left.terms.length === 0) return this.shift(right, left.constant)
    if (right.terms.length === 0) return this.shift(left, right.constant)
    const [first, second] = left.id < right.id ? [left, right] : [right, left]
    const key = first.id * 2 ** 26 + second.id
    let result = this.#sums.get(key)
    if (result === undefined) {
      const terms = mergeTerms(first.terms, second.terms)
      result = this.#normalise(first.constant + second.constant, terms)
      this.#sums.set(key, result)
    }
    return result
  }

  /** The expression with these terms, which are sorted by atom id, each atom once. */
  combine(constant: number, terms: readonly Term[]): Index {
    return this.#normalise(constant, terms)
  }

  /** `index + constant`. */
  shift(index: Index, constant: number): Index {
    if (constant === 0) return index
    return this.#normalise(index.constant + constant, index.terms)
  }

  /** `index * factor`. */
  scale(index: Index, factor: number): Index {
    if (factor === 0) return this.#zero
    const terms = index.terms.map(({ atom, coefficient }) => ({
      atom,
      coefficient: coefficient * factor,
    }))
    return this.#normalise(index.constant * factor, terms)
  }

  /** `floor(of / divisor) mod modulus`, in normal form. */
  digit(of: Index, divisor: number, modulus: number): Index {
    if (divisor === 1 && modulus === Infinity) return of
    const key = `${of.id}/${divisor}%${modulus}`
    let result = this.#digits.get(key)
    if (result === undefined) {
      this.#checkOwn(of)
      checkInteger('divisor', divisor, 1)
      if (modulus !== Infinity) checkInteger('modulus', modulus, 1)
      result = this.#simplifyDigit(of, divisor, modulus)
      this.#digits.set(key, result)
    }
    return result
  }

  #simplifyDigit(of: Index, divisor: number, modulus: number): Index {
    for (const rule of this.#rules.digit) {
      const result = rule(of, divisor, modulus)
      if (result !== undefined) return result
    }
    const bounds = digitBounds(of, divisor, modulus)
    return this.atom({ kind: 'digit', id: this.#nextAtom++, of, divisor, modulus, ...bounds })
  }

  /** The normal form of a sum whose terms are collected and sorted by atom id. */
  #normalise(constant: number, terms: readonly Term[]): Index {
    let key = `${constant}`
    for (const { atom, coefficient } of terms) key += `,${atom.id}*${coefficient}`
    let result = this.#expressions.get(key)
    if (result === undefined) {
      result = this.#simplifySum(constant, terms)
      this.#expressions.set(key, result)
    }
    return result
  }

  #simplifySum(constant: number, terms: readonly Term[]): Index {
    for (const rule of this.#rules.sum) {
      const result = rule(this, constant, terms)
      if (result !== undefined) return result
    }
    // `+ 0` turns -0 into 0.
    return new Index(this, this.#nextExpression++, constant + 0, terms)
  }

  #checkOwn(index: Index): void {
    if (index.space !== this) {
      throw new Error('index expressions of two spaces')
    }
  }
}

function checkInteger(name: string, value: number, low: number): void {
  if (Number.isSafeInteger(value) && value >= low) return
  throw new RangeError(`index: ${name} ${value}, wanted an integer from ${low}`)
}

function boundsOf(constant: number, terms: readonly Term[]): { min: number; max: number } {
  let min = constant
  let max = constant
  for (const { atom, coefficient } of terms) {
    min += coefficient * (coefficient > 0 ? atom.min : atom.max)
    max += coefficient * (coefficient > 0 ? atom.max : atom.min)
  }
  if (!Number.isSafeInteger(min) || !Number.isSafeInteger(max)) {
    throw new RangeError(`index from ${min} to ${max}: no safe integers`)
  }
  return { min, max }
}

function digitBounds(of: Index, divisor: number, modulus: number): { min: number; max: number } {
  const min = floorDivide(of.min, divisor)
  const max = floorDivide(of.max, divisor)
  if (modulus === Infinity) return { min, max }
  if (floorDivide(min, modulus) !== floorDivide(max, modulus)) return { min: 0, max: modulus - 1 }
  return { min: floorModulo(min, modulus), max: floorModulo(max, modulus) }
}

function mergeTerms(left: readonly Term[], right: readonly Term[]): Term[] {
  const merged: Term[] = []
  let l = 0
  let r = 0
  for (;;) {
    const a = left[l]
    const b = right[r]
    if (a === undefined) return merged.concat(right.slice(r))
    if (b === undefined) return merged.concat(left.slice(l))
    if (a.atom === b.atom) {
      const coefficient = a.coefficient + b.coefficient
      if (coefficient !== 0) merged.push({ atom: a.atom, coefficient })
      l++
      r++
    } else if (a.atom.id < b.atom.id) {
      merged.push(a)
      l++
    } else {
      merged.push(b)
      r++
    }
  }
}

function collectAxes(terms: readonly Term[]): ReadonlySet<Axis> {
  const axes = new Set<Axis>()
  for (const { atom } of terms) {
    if (atom.kind === 'axis') axes.add(atom)
    else for (const axis of atom.of.axes()) axes.add(axis)
  }
  return axes
}

function substituteIn(index: Index, map: ReadonlyMap<Axis, Index>, done: Map<Index, Index>): Index {
  if (index.terms.length === 0) return index
  const known = done.get(index)
  if (known !== undefined) return known
  const parts = index.terms.map(({ atom, coefficient }): readonly [Index, number] => {
    if (atom.kind === 'axis') return [map.get(atom) ?? index.space.atom(atom), coefficient]
    const of = substituteIn(atom.of, map, done)
    return [of.digit(atom.divisor, atom.modulus), coefficient]
  })
  const result = index.space.sum(parts, index.constant)
  done.set(index, result)
  return result
}

function evaluateAtom(atom: Atom, valueAt: (axis: Axis) => number): number {
  if (atom.kind === 'axis') return valueAt(atom)
  const quotient = floorDivide(atom.of.evaluate(valueAt), atom.divisor)
  return atom.modulus === Infinity ? quotient : floorModulo(quotient, atom.modulus)
}

function atomText(atom: Atom): string {
  if (atom.kind === 'axis') return atom.name
  const { of, divisor, modulus } = atom
  const inner = of.asAxis === undefined ? `(${of})` : `${of}`
  return inner + (divisor === 1 ? '' : `/${divisor}`) + (modulus === Infinity ? '' : `%${modulus}`)
}
