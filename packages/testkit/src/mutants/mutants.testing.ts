/** A change of core that makes it wrong. */
export interface Mutant {
  readonly what: string
  /** Path within core's sources. */
  readonly file: string
  readonly from: string
  readonly to: string
  /** Beginning of the conformance cases that show it; by default random graphs do. */
  readonly shownBy?: string
}

const lowering: readonly Mutant[] = [
  {
    what: 'expressions are remembered by node only',
    file: 'schedule/lowering.ts',
    from: 'this.#known.get(key)',
    to: "[...this.#known].find(([old]) => old.startsWith(String(node.id).concat(' ')))?.[1]",
  },
  {
    what: 'padding is applied to the loads instead of at its own place',
    file: 'scalar/builder.ts',
    from: "(scalar.kind === 'load' || scalar.kind === 'gather') &&\n    condition.kind === 'inside' &&\n",
    to: "condition.kind === 'inside' || scalar.kind === 'load' &&\n    condition.kind === 'inside' &&\n",
  },
  {
    what: 'a guard stays in force after its padding',
    file: 'schedule/lowering.ts',
    from: '    this.#facts = outer\n',
    to: '',
  },
  {
    what: 'expressions are remembered without their guards',
    file: 'schedule/lowering.ts',
    from: "facts.join(' ')",
    to: "''",
  },
]

const indexAlgebra: readonly Mutant[] = [
  {
    what: 'constantQuotient looks at one bound only',
    file: 'index-algebra/digit-rules.ts',
    from: 'if (quotient !== floorDivide(of.max, divisor)) return undefined',
    to: 'if (quotient > floorDivide(of.max, divisor)) return undefined',
  },
  {
    what: 'singlePeriod forgets which period it is',
    file: 'index-algebra/digit-rules.ts',
    from: 'return of.digit(divisor, Infinity).sub(quotient * modulus)',
    to: 'return of.digit(divisor, Infinity)',
  },
  {
    what: 'wholeMultiples drops the quotient of what leaves',
    file: 'index-algebra/digit-rules.ts',
    from: 'return digit.add(divided(space, (of.constant - constant) / divisor, whole, divisor))',
    to: 'return digit',
  },
  {
    what: 'nestedDigit takes any modulus',
    file: 'index-algebra/digit-rules.ts',
    from: 'if (quotient <= modulus) return innermost.digit(innerDivisor * divisor, quotient)',
    to: 'return innermost.digit(innerDivisor * divisor, quotient)',
  },
  {
    what: 'splitDigit forgets the factor of the high digit',
    file: 'index-algebra/digit-split-rules.ts',
    from: 'const high = split.high.digit(1, modulus / factor).mul(factor)',
    to: 'const high = split.high.digit(1, modulus / factor)',
  },
  {
    what: 'dropLowPart keeps the divisor',
    file: 'index-algebra/digit-split-rules.ts',
    from: 'return split.high.digit(divisor / radix, modulus)',
    to: 'return split.high.digit(divisor, modulus)',
  },
  {
    what: 'recombine does not look at what continues a digit',
    file: 'index-algebra/sum-rules.ts',
    from: 'if (of.digit(period, next) !== of.space.atom(high)) continue',
    to: '',
  },
  {
    what: 'predicates on multiples round to the wrong side',
    file: 'index-algebra/normalise-range.ts',
    from: 'low: ceilDivide(low, factor),',
    to: 'low: floorDivide(low, factor),',
  },
  {
    what: 'predicates on quotients keep their bounds',
    file: 'index-algebra/normalise-range.ts',
    from: 'low: low * atom.divisor, high: high * atom.divisor',
    to: 'low, high',
  },
  {
    what: 'a predicate is taken as implied one element too early',
    file: 'index-algebra/normalise-range.ts',
    from: 'const to = high > max ? Infinity : high',
    to: 'const to = high >= max ? Infinity : high',
  },
]

const fusion: readonly Mutant[] = [
  {
    what: 'a kernel joins another although it must come later',
    file: 'schedule/group.ts',
    from: 'return writer === undefined || writer === draft || !order.isBefore(draft, writer)',
    to: 'return true',
  },
  {
    what: 'kernels join that read each other at other places',
    file: 'schedule/draft.ts',
    from: 'own !== undefined && this.#flat(node, at) === this.indexOf(node)',
    to: 'own !== undefined',
  },
  {
    what: 'reductions of different lengths share a row',
    file: 'schedule/draft.ts',
    from: 'if (this.#inner !== undefined && extent === this.#innerSize) return this.#inner',
    to: 'if (this.#inner !== undefined) return this.#inner',
  },
  {
    what: 'axes of both sides are taken for axes of one',
    file: 'schedule/contraction.ts',
    from: 'm: own.filter(inLeft),',
    to: 'm: own,',
  },
]

const memory: readonly Mutant[] = [
  {
    what: 'scratch arrays overlap in the step that reads one and writes the other',
    file: 'schedule/arena.ts',
    from: 'other.first <= lifetime.last && lifetime.first <= other.last',
    to: 'other.first < lifetime.last && lifetime.first < other.last',
  },
  {
    what: 'an input is overwritten although it is read elsewhere',
    file: 'schedule/donation.ts',
    from: "return scalar.kind === 'load' && scalar.index === draft.row && !inReductions.has(scalar)",
    to: 'return true',
  },
  {
    what: 'an input is overwritten before others have read it',
    file: 'schedule/donation.ts',
    from: '    for (const reader of readers) order.demand(reader, writer)\n',
    to: '',
  },
]

const leaks: readonly Mutant[] = [
  {
    what: 'tensors that are disposed of keep their buffers',
    file: 'graph/tensor.ts',
    from: '    this.storage?.free()\n',
    to: '',
    shownBy: 'memory: 1000 compiled steps',
  },
  {
    what: 'parameters are not updated in place',
    file: 'runtime/call-traced.ts',
    from: 'before !== undefined && !parameter.isShared',
    to: 'false',
    shownBy: 'memory: 1000 compiled steps',
  },
]

const graph: readonly Mutant[] = [
  {
    what: 'attributes are not in the key of a plan',
    file: 'graph/structure.ts',
    from: 'attributeText(attributes)',
    to: "''",
  },
  {
    what: 'constants fold without wrapping',
    file: 'scalar/fold.ts',
    from: 'return isInteger && rounded !== value ? undefined : rounded',
    to: 'return value',
  },
]

export const mutants: readonly Mutant[] = [
  ...lowering,
  ...indexAlgebra,
  ...fusion,
  ...memory,
  ...leaks,
  ...graph,
]
