import { describe, expect, test } from 'vitest'
import type { BenchCase } from './cases/bench-case.ts'
import { BenchError } from './errors.ts'
import type { MeasureLimits } from './measure.ts'
import { runCase } from './run.ts'
import type { Contender } from './subject.ts'

const limits: MeasureLimits = {
  warmUpMs: 0,
  budgetMs: 0,
  minRounds: 2,
  maxRounds: 2,
  maxBurst: 1,
  slowMs: 50_000,
}

/** Counts its steps; the results are those of `results`, the last one for ever. */
function contender(subject: string, results: readonly number[]) {
  const made = { steps: 0, disposed: false }
  const work: Contender = {
    subject,
    activate: async () => {},
    step: async () => {
      made.steps++
    },
    result: async () => [results[Math.min(made.steps, results.length) - 1] ?? Number.NaN],
    dispose: async () => {
      made.disposed = true
    },
  }
  return { made, work }
}

function countingCase(contenders: readonly Contender[], parts: Partial<BenchCase> = {}): BenchCase {
  return {
    name: 'counting',
    summary: '',
    checkSteps: 3,
    tolerance: { relative: 0, absolute: 0 },
    prepare: async () => ({ contenders, expected: [3, 2, 1] }),
    ...parts,
  }
}

describe('runCase', () => {
  test('checks, then times: one row per subject', async () => {
    const [a, b] = [contender('a', [3, 2, 1]), contender('b', [3, 2, 1, 0.5])]
    const { rows } = await runCase(countingCase([a.work, b.work], { flops: 42 }), [], limits)
    expect(rows).toMatchObject([
      { case: 'counting', subject: 'a', runs: 2, flops: 42 },
      { case: 'counting', subject: 'b', runs: 2, flops: 42 },
    ])
    expect(Object.keys(rows[0] ?? {})).toEqual([
      'case',
      'subject',
      'medianMs',
      'minMs',
      'runs',
      'flops',
    ])
    expect(a.made).toEqual({ steps: 3 + 1 + 2, disposed: true })
  })

  test('has no flops where the case counts none', async () => {
    const { rows } = await runCase(countingCase([contender('a', [3, 2, 1]).work]), [], limits)
    expect(rows[0]).not.toHaveProperty('flops')
  })

  test('gives the time of one call where a step is many', async () => {
    const { work } = contender('a', [3, 2, 1])
    const wait = () => new Promise<void>((resolve) => setTimeout(resolve, 1))
    const waiting = { ...work, step: () => work.step().then(wait) }
    const { rows } = await runCase(countingCase([waiting], { callsPerStep: 1e9 }), [], limits)
    expect(rows[0]?.medianMs).toBeGreaterThan(0)
    // A step would have to take a quarter of an hour.
    expect(rows[0]?.medianMs).toBeLessThan(1e-3)
  })

  test('takes the limits that the case wants otherwise', async () => {
    const own = { minRounds: 7, maxRounds: 7 }
    const benchCase = countingCase([contender('a', [3, 2, 1]).work], { limits: own })
    const { rows } = await runCase(benchCase, [], limits)
    expect(rows).toMatchObject([{ runs: 7 }])
  })

  test('hands on who cannot run the case', async () => {
    const absentees = [{ subject: 'b', reason: 'no gradient' }]
    const contenders = [contender('a', [3, 2, 1]).work]
    const prepare = async () => ({ contenders, absentees, expected: [3, 2, 1] })
    const result = await runCase(countingCase([], { prepare }), [], limits)
    expect(result).toMatchObject({ rows: [{ subject: 'a' }], absentees })
  })

  test('times nobody where one computes something else', async () => {
    const [a, b] = [contender('a', [3, 2, 1]), contender('b', [3, 2, 1.5])]
    const running = runCase(countingCase([a.work, b.work]), [], limits)
    await expect(running).rejects.toThrow(/^counting, b: computed 1\.5 at 2/)
    expect(a.made).toEqual({ steps: 3, disposed: true })
    expect(b.made).toEqual({ steps: 3, disposed: true })
  })

  test('refuses a run that ends in infinity', async () => {
    const { work } = contender('a', [3, 2, 1, Number.POSITIVE_INFINITY])
    await expect(runCase(countingCase([work]), [], limits)).rejects.toThrow(BenchError)
  })
})
