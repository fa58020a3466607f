import { describe, expect, test } from 'vitest'
import { digitRules } from './digit-rules.ts'
import type { DigitRule, Index, Rules, SumRule, Term } from './expression.ts'
import { IndexSpace } from './index.ts'
import { floorDivide } from './integer.ts'
import { ExpressionSource, Random } from './random.testing.ts'
import { sumRules } from './sum-rules.ts'

const full = process.env.TENSORWEFT_FULL === '1'
const rules: Rules = { digit: digitRules, sum: sumRules }

/** The first random expression that differs from plain arithmetic or leaves its bounds. */
function findWrong(count: number, rules: Rules): string | undefined {
  for (let seed = 0; seed < count; seed++) {
    const random = new Random(seed)
    const source = new ExpressionSource(new IndexSpace(rules), random)
    const { index, value } = source.sample(random.integer(1, 5))
    for (const point of source.points(100)) {
      const want = value(point)
      const got = source.evaluate(index, point)
      if (got === want && index.min <= want && want <= index.max) continue
      return `seed ${seed}: ${index} in [${index.min}, ${index.max}] at ${point}: ${got}, not ${want}`
    }
  }
  return undefined
}

const count = full ? 1_000_000 : 30_000

test(`${count} random expressions equal plain floor arithmetic and stay in their bounds`, {
  timeout: full ? 600_000 : 120_000,
}, () => {
  expect(findWrong(count, rules)).toBeUndefined()
})

test('every rule is used by the random expressions, none without end', () => {
  const uses = new Map<string, number>()
  let depth = 0
  let deepest = 0
  const observe = (name: string, apply: () => Index | undefined): Index | undefined => {
    deepest = Math.max(deepest, ++depth)
    const result = apply()
    depth--
    if (result !== undefined) uses.set(name, (uses.get(name) ?? 0) + 1)
    return result
  }
  const observed: Rules = {
    digit: digitRules.map(
      (rule): DigitRule =>
        (...of) =>
          observe(rule.name, () => rule(...of)),
    ),
    sum: sumRules.map(
      (rule): SumRule =>
        (...of) =>
          observe(rule.name, () => rule(...of)),
    ),
  }
  findWrong(5_000, observed)
  for (const { name } of [...digitRules, ...sumRules]) {
    expect(uses.get(name) ?? 0, name).toBeGreaterThan(20)
  }
  expect(deepest).toBeLessThan(30)
})

/** The rules with one left out or replaced. */
function rulesWith(name: string, digit?: DigitRule, sum?: SumRule): Rules {
  return {
    digit: digitRules.flatMap((rule) =>
      rule.name !== name ? [rule] : digit === undefined ? [] : [digit],
    ),
    sum: sumRules.flatMap((rule) => (rule.name !== name ? [rule] : sum === undefined ? [] : [sum])),
  }
}

/** What each rule is for: an identity that holds with it and is not found without it. */
const purposes: Record<string, (space: IndexSpace) => [got: Index, want: Index]> = {
  constantQuotient: (space) => {
    const i = space.axis(8)
    const j = space.axis(3)
    return [i.add(j).sub(12).floorDiv(12), space.constant(-1)]
  },
  singlePeriod: (space) => {
    const i = space.axis(8)
    return [i.add(16).mod(8), i]
  },
  wholeMultiples: (space) => {
    const i = space.axis(8)
    const j = space.axis(5)
    return [i.mul(12).add(j).add(8).mod(6), j.add(2).mod(6)]
  },
  dropLowPart: (space) => {
    const i = space.axis(6)
    const j = space.axis(4)
    return [i.mul(4).add(j).floorDiv(8), i.floorDiv(2)]
  },
  splitDigit: (space) => {
    const i = space.axis(6)
    const j = space.axis(4)
    return [i.mul(4).add(j).digit(2, 6), i.mod(3).mul(2).add(j.floorDiv(2))]
  },
  nestedQuotient: (space) => {
    const i = space.axis(60)
    return [i.floorDiv(4).add(1).floorDiv(3), i.add(4).floorDiv(12)]
  },
  nestedDigit: (space) => {
    const i = space.axis(60)
    return [i.digit(2, 12).digit(3, 8), i.digit(6, 4)]
  },
  recombine: (space) => {
    const i = space.axis(60)
    const rest = i.mod(4)
    return [i.digit(4, 3).mul(4).add(rest), i.mod(12)]
  },
  complement: (space) => {
    const i = space.axis(12)
    return [space.constant(11).sub(i).floorDiv(4), space.constant(2).sub(i.floorDiv(4))]
  },
  twoValues: (space) => {
    const i = space.axis(2)
    return [i.add(1).mod(2), space.constant(1).sub(i)]
  },
}

describe('each rule finds what the others do not', () => {
  for (const { name } of [...digitRules, ...sumRules]) {
    test(name, () => {
      const purpose = purposes[name]
      if (purpose === undefined) throw new Error(`no example for the rule ${name}`)
      const [got, want] = purpose(new IndexSpace())
      expect(got, `${got} and ${want}`).toBe(want)
      const [without, wanted] = purpose(new IndexSpace(rulesWith(name)))
      expect(without).not.toBe(wanted)
    })
  }
})

/** Plausible mistakes, which the comparison with plain arithmetic must notice. */
const mutants: [rule: string, mistake: string, apply: DigitRule][] = [
  [
    'constantQuotient',
    'truncates',
    (of, divisor, modulus) => {
      const quotient = Math.trunc(of.min / divisor)
      if (modulus !== Infinity || quotient !== Math.trunc(of.max / divisor)) return undefined
      return of.space.constant(quotient)
    },
  ],
  [
    'singlePeriod',
    'looks at the upper bound only',
    (of, divisor, modulus) =>
      of.max < divisor * modulus && modulus !== Infinity ? of.digit(divisor, Infinity) : undefined,
  ],
  [
    'wholeMultiples',
    'multiples of the divisor vanish under a modulus',
    (of, divisor, modulus) => {
      const kept = of.terms.filter((term) => term.coefficient % divisor !== 0)
      if (modulus === Infinity || kept.length === of.terms.length) return undefined
      return of.space.combine(of.constant, kept).digit(divisor, modulus)
    },
  ],
  [
    'complement',
    'mirrors at 0 instead of between -1 and 0',
    (of, divisor, modulus) => {
      if (of.terms.some((term) => term.coefficient > 0)) return undefined
      const mirrored = of.mul(-1).digit(divisor, modulus).mul(-1)
      return modulus === Infinity ? mirrored : mirrored.add(modulus)
    },
  ],
  [
    'nestedQuotient',
    'the shift is not scaled',
    (of, divisor, modulus) => {
      const atom = of.terms[0]?.atom
      if (of.terms.length !== 1 || of.terms[0]?.coefficient !== 1) return undefined
      if (atom?.kind !== 'digit' || atom.modulus !== Infinity) return undefined
      return atom.of.add(of.constant).digit(atom.divisor * divisor, modulus)
    },
  ],
  [
    'nestedDigit',
    'the smaller modulus wins',
    (of, divisor, modulus) => {
      const atom = of.terms[0]?.atom
      if (of.terms.length !== 1 || of.terms[0]?.coefficient !== 1 || of.constant !== 0) {
        return undefined
      }
      if (atom?.kind !== 'digit' || atom.modulus % divisor !== 0) return undefined
      const smaller = Math.min(atom.modulus / divisor, modulus)
      return atom.of.digit(atom.divisor * divisor, smaller)
    },
  ],
  [
    'dropLowPart',
    'the low part may carry',
    (of, divisor, modulus) => {
      const high = of.terms.filter((term) => term.coefficient % divisor === 0)
      if (high.length === 0 || high.length === of.terms.length) return undefined
      return of.space.combine(of.constant, high).digit(divisor, modulus)
    },
  ],
  [
    'splitDigit',
    'the radix need not divide the period',
    (of, divisor, modulus) => {
      const radix = Math.max(...of.terms.map((term) => term.coefficient))
      const isHigh = (term: Term): boolean => term.coefficient === radix
      const rest = of.space.combine(
        of.constant,
        of.terms.filter((term) => !isHigh(term)),
      )
      if (radix <= divisor || radix % divisor !== 0 || modulus === Infinity) return undefined
      if (rest.min < 0 || rest.max >= radix) return undefined
      const factor = radix / divisor
      const high = of.space.sum(of.terms.filter(isHigh).map(({ atom }) => [of.space.atom(atom), 1]))
      return high
        .digit(1, Math.ceil(modulus / factor))
        .mul(factor)
        .add(rest.floorDiv(divisor))
    },
  ],
  [
    'twoValues',
    'interpolates more than two values',
    (of, divisor, modulus) => {
      const term = of.terms[0]
      if (of.terms.length !== 1 || term === undefined || modulus !== Infinity) return undefined
      const first = floorDivide(of.min, divisor)
      const rise = floorDivide(of.max, divisor) - first
      const steps = term.atom.max - term.atom.min
      if (term.coefficient < 0) return undefined
      const slope = Math.round(rise / steps)
      return of.space.atom(term.atom).sub(term.atom.min).mul(slope).add(first)
    },
  ],
]

describe('mistakes in a rule are noticed', () => {
  for (const [name, mistake, apply] of mutants) {
    test(`${name}: ${mistake}`, () => {
      expect(findWrong(20_000, rulesWith(name, apply))).toBeDefined()
    })
  }

  test('recombine: the weights are not compared', () => {
    const apply: SumRule = (space, constant, terms) => {
      const [low, high] = terms
      if (low?.atom.kind !== 'digit' || high?.atom.kind !== 'digit') return undefined
      const { of, divisor, modulus } = low.atom
      if (modulus === Infinity || high.atom.divisor !== divisor * modulus) return undefined
      const whole = of.digit(divisor, modulus * high.atom.modulus).mul(low.coefficient)
      return whole.add(space.combine(constant, terms.slice(2)))
    }
    expect(findWrong(20_000, rulesWith('recombine', undefined, apply))).toBeDefined()
  })

  test('every rule has a mistaken variant', () => {
    const covered = new Set([...mutants.map(([name]) => name), 'recombine'])
    expect([...covered].sort()).toEqual([...digitRules, ...sumRules].map((r) => r.name).sort())
  })
})
