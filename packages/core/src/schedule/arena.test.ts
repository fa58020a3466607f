import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { arenaAlignment } from '../ir/plan.ts'
import { type Lifetime, layOutArena } from './arena.ts'

// The same cases in every run; under TENSORWEFT_FULL=1 many more, by a new seed each time.
fc.configureGlobal(process.env.TENSORWEFT_FULL === '1' ? { numRuns: 10_000 } : { seed: 1 })

const aligned = (byteLength: number) => Math.ceil(byteLength / arenaAlignment) * arenaAlignment

const lifetime = fc
  .record({
    byteLength: fc.integer({ min: 1, max: 100_000 }),
    first: fc.nat(60),
    length: fc.nat(12),
  })
  .map(({ byteLength, first, length }) => ({ byteLength, first, last: first + length }))
const lifetimes = fc.array(lifetime, { maxLength: 60 })

/** The least that any layout needs: the most that lives at one step. */
function maxLive(all: readonly Lifetime[]): number {
  const steps = all.map(({ first }) => first)
  return Math.max(
    0,
    ...steps.map((step) =>
      all
        .filter(({ first, last }) => first <= step && step <= last)
        .reduce((sum, { byteLength }) => sum + aligned(byteLength), 0),
    ),
  )
}

/** Pairs that live at a common step. */
function* together(all: readonly Lifetime[]): Generator<[number, number]> {
  for (const [i, a] of all.entries()) {
    for (const [j, b] of all.entries()) {
      if (i < j && a.first <= b.last && b.first <= a.last) yield [i, j]
    }
  }
}

describe('layOutArena', () => {
  test('gives arrays that live together places that do not overlap', () => {
    fc.assert(
      fc.property(lifetimes, (all) => {
        const { byteOffsets, byteLength } = layOutArena(all)
        const range = (i: number) => {
          const start = byteOffsets[i] ?? Number.NaN
          return { start, end: start + (all[i]?.byteLength ?? Number.NaN) }
        }
        for (const i of all.keys()) {
          expect(range(i).start % arenaAlignment).toBe(0)
          expect(range(i).end).toBeLessThanOrEqual(byteLength)
        }
        for (const [i, j] of together(all)) {
          const [a, b] = [range(i), range(j)]
          expect(a.end <= b.start || b.end <= a.start).toBe(true)
        }
      }),
    )
  })

  test('needs hardly more than what lives at one step', () => {
    const ratios: number[] = []
    fc.assert(
      fc.property(lifetimes, (all) => {
        fc.pre(all.length > 0)
        ratios.push(layOutArena(all).byteLength / maxLive(all))
      }),
      { seed: 1, numRuns: 200 },
    )
    const mean = ratios.reduce((sum, ratio) => sum + ratio, 0) / ratios.length
    expect(mean).toBeLessThan(1.03)
    expect(Math.max(...ratios)).toBeLessThan(1.35)
  })

  test('reuses what is dead, so that a chain needs two places', () => {
    const chain = Array.from({ length: 20 }, (_, i) => ({
      byteLength: 4096,
      first: i,
      last: i + 1,
    }))
    expect(layOutArena(chain).byteLength).toBe(2 * 4096)
  })

  test('of nothing is empty', () => {
    expect(layOutArena([])).toEqual({ byteOffsets: [], byteLength: 0 })
  })
})
