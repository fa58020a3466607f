import { describe, expect, test } from 'vitest'
import { complexityOf, isSimpler } from './complexity.ts'
import { type Index, IndexSpace, type Range, simplifyRanges, simplifyUnder } from './index.ts'
import { ExpressionSource, Random } from './random.testing.ts'

const count = process.env.TENSORWEFT_FULL === '1' ? 60_000 : 4_000

function sampleRanges(source: ExpressionSource): Range[] {
  const { random } = source
  return Array.from({ length: random.integer(1, 4) }, () => {
    const { index } = source.sample(random.integer(0, 3))
    const low = random.integer(index.min - 1, index.max)
    const high = random.next() < 0.2 ? Infinity : random.integer(low, index.max + 2)
    return { index, low: random.next() < 0.2 ? -Infinity : low, high }
  })
}

function holds(source: ExpressionSource, ranges: readonly Range[], point: readonly number[]) {
  return ranges.every(({ index, low, high }) => {
    const value = source.evaluate(index, point)
    return low <= value && value < high
  })
}

test(`${count} random conjunctions hold at the same points after simplification`, () => {
  let dropped = 0
  let never = 0
  for (let seed = 0; seed < count; seed++) {
    const source = new ExpressionSource(new IndexSpace(), new Random(seed))
    const ranges = sampleRanges(source)
    const simple = simplifyRanges(ranges)
    if (simple === 'never') never++
    else dropped += ranges.length - simple.length
    for (const point of source.points(80)) {
      const got = simple !== 'never' && holds(source, simple, point)
      if (got === holds(source, ranges, point)) continue
      expect.fail(`seed ${seed}: ${show(ranges)} became ${show(simple)}, which differs at ${point}`)
    }
  }
  expect(dropped).toBeGreaterThan(count / 4)
  expect(never).toBeGreaterThan(count / 10)
})

test(`${count} random expressions keep their value wherever the facts hold`, () => {
  let simplified = 0
  for (let seed = 0; seed < count; seed++) {
    const source = new ExpressionSource(new IndexSpace(), new Random(seed))
    const facts = sampleRanges(source)
    const { index } = source.sample(source.random.integer(1, 4))
    const simple = simplifyUnder(index, facts)
    if (simple !== index) simplified++
    expect(isSimpler(complexityOf([index]), complexityOf([simple]))).toBe(false)
    for (const point of source.points(80)) {
      if (!holds(source, facts, point)) continue
      if (source.evaluate(simple, point) === source.evaluate(index, point)) continue
      expect.fail(`seed ${seed}: ${index} under ${show(facts)} became ${simple}, wrong at ${point}`)
    }
  }
  expect(simplified).toBeGreaterThan(count / 20)
})

test('the result is stable and independent of the order of the input', () => {
  for (let seed = 0; seed < count / 4; seed++) {
    const source = new ExpressionSource(new IndexSpace(), new Random(seed))
    const ranges = sampleRanges(source)
    const simple = simplifyRanges(ranges)
    expect(show(simplifyRanges(ranges))).toBe(show(simple))
    if (simple !== 'never') expect(show(simplifyRanges(simple))).toBe(show(simple))
    expect(show(simplifyRanges([...ranges].reverse()))).toBe(show(simple))
  }
})

function show(ranges: readonly Range[] | 'never'): string {
  if (ranges === 'never') return 'never'
  return ranges.map(({ index, low, high }) => `${low} <= ${index} < ${high}`).join(' and ')
}

describe('simplifyRanges', () => {
  const space = new IndexSpace()
  const y = space.axis(10, 'y')
  const k = space.axis(3, 'k')
  const range = (index: Index, low: number, high: number): Range => ({ index, low, high })
  const simple = (...ranges: Range[]): string => show(simplifyRanges(ranges))

  test('what the bounds imply is dropped', () => {
    expect(simple(range(y, 0, 10), range(y.add(k), -Infinity, 12))).toBe('')
  })
  test('what cannot hold is never', () => {
    expect(simple(range(y, 10, 20))).toBe('never')
    expect(simple(range(y, 3, 3))).toBe('never')
    expect(simple(range(y, 0, 4), range(y, 4, 10))).toBe('never')
    expect(simple(range(y.add(k), 9, 20), range(y, 0, 5))).toBe('never')
  })
  test('ranges on one expression up to shift, sign and factor are intersected', () => {
    const ranges = [range(y.sub(2), 0, 5), range(y.mul(-3), -15, 0), range(y.mul(2), 5, 99)]
    expect(simple(...ranges)).toBe('3 <= y < 6')
  })
  test('quotients are unfolded', () => {
    expect(simple(range(y.floorDiv(4), 1, 3))).toBe('4 <= y < 10')
    expect(simple(range(y.add(k).sub(1).floorDiv(2), 0, 3))).toBe('1 <= y + k < 7')
  })
  test('a low part that cannot decide is dropped', () => {
    expect(simple(range(y.mul(4).add(k), 8, 20))).toBe('2 <= y < 5')
    expect(simple(range(y.mul(4).add(k), 7, 20))).toBe('2 <= y < 5')
    expect(simple(range(y.mul(4).add(k), 6, 20))).toBe('6 <= 4*y + k < 20')
  })
  test('what other ranges imply is dropped, also one end of a range', () => {
    expect(simple(range(y, 2, 6), range(y.add(k), 0, 8))).toBe('2 <= y < 6')
    expect(simple(range(y, 2, 6), range(y.add(k), 1, 7))).toBe('2 <= y < 6 and 0 <= y + k < 7')
  })
  test('digits are simplified under the other ranges', () => {
    expect(simple(range(y, 0, 4), range(y.mod(4), 1, 3))).toBe('1 <= y < 3')
  })
  test('no ranges hold always', () => {
    expect(simplifyRanges([])).toEqual([])
  })
})

describe('simplifyUnder', () => {
  const space = new IndexSpace()
  const y = space.axis(10, 'y')
  const k = space.axis(3, 'k')

  test('tighter bounds of an axis', () => {
    const facts = [{ index: y, low: 2, high: 6 }]
    expect(simplifyUnder(y.sub(2).mod(4), facts)).toBe(y.sub(2))
    expect(simplifyUnder(y.floorDiv(8), facts)).toBe(space.constant(0))
  })
  test('tighter bounds of a linear form', () => {
    const x = y.mul(2).add(k).sub(1)
    const facts = [{ index: x, low: 0, high: 8 }]
    expect(simplifyUnder(x.mod(8), facts)).toBe(x)
    expect(simplifyUnder(x.mul(3).add(2).floorDiv(24), facts)).toBe(space.constant(0))
  })
  test('tighter bounds of a digit', () => {
    const facts = [{ index: y.mod(4), low: 0, high: 2 }]
    expect(simplifyUnder(y.mod(4).add(k).floorDiv(4), facts)).toBe(space.constant(0))
  })
  test('useless facts change nothing', () => {
    expect(simplifyUnder(y.mod(4), [])).toBe(y.mod(4))
    expect(simplifyUnder(y.mod(4), [{ index: k, low: 1, high: 2 }])).toBe(y.mod(4))
  })
  test('contradictory facts are allowed: no point holds them', () => {
    expect(simplifyUnder(y.mod(4), [{ index: y, low: 20, high: 30 }])).toBe(y.mod(4))
  })
})
