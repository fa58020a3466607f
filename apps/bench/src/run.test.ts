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

function countingCase(contenders: readonly Contender[], flops?: number): BenchCase {
  return {
    name: 'counting',
    summary: '',
    checkSteps: 3,
    tolerance: { relative: 0, absolute: 0 },
    prepare: async () => ({ contenders, expected: [3, 2, 1] }),
    ...(flops === undefined ? {} : { flops }),
  }
}

describe('runCase', () => {
  test('checks, then times: one row per subject', async () => {
    const [a, b] = [contender('a', [3, 2, 1]), contender('b', [3, 2, 1, 0.5])]
    const rows = await runCase(countingCase([a.work, b.work], 42), [], limits)
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
    const rows = await runCase(countingCase([contender('a', [3, 2, 1]).work]), [], limits)
    expect(rows[0]).not.toHaveProperty('flops')
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
