import { describe, expect, test } from 'vitest'
import type { BenchCase } from './cases/bench-case.ts'
import { SubjectError } from './errors.ts'
import type { MeasureLimits } from './measure.ts'
import type { RateMeter } from './rate-meter.ts'
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
    const { rows } = await runCase(countingCase([a.work, b.work], { flops: 42 }), [], { limits })
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
    const { rows } = await runCase(countingCase([contender('a', [3, 2, 1]).work]), [], { limits })
    expect(rows[0]).not.toHaveProperty('flops')
  })

  test('gives the time of one call where a step is many', async () => {
    const { work } = contender('a', [3, 2, 1])
    const wait = () => new Promise<void>((resolve) => setTimeout(resolve, 1))
    const waiting = { ...work, step: () => work.step().then(wait) }
    const { rows } = await runCase(countingCase([waiting], { callsPerStep: 1e9 }), [], { limits })
    expect(rows[0]?.medianMs).toBeGreaterThan(0)
    // A step would have to take a quarter of an hour.
    expect(rows[0]?.medianMs).toBeLessThan(1e-3)
  })

  test('takes the limits that the case wants otherwise', async () => {
    const own = { minRounds: 7, maxRounds: 7 }
    const benchCase = countingCase([contender('a', [3, 2, 1]).work], { limits: own })
    const { rows } = await runCase(benchCase, [], { limits })
    expect(rows).toMatchObject([{ runs: 7 }])
  })

  test('hands on who cannot run the case', async () => {
    const absentees = [{ subject: 'b', reason: 'no gradient' }]
    const contenders = [contender('a', [3, 2, 1]).work]
    const prepare = async () => ({ contenders, absentees, expected: [3, 2, 1] })
    const result = await runCase(countingCase([], { prepare }), [], { limits })
    expect(result).toMatchObject({ rows: [{ subject: 'a' }], absentees })
  })

  test('counts bytes, and asks the meter only where the case counts what it does', async () => {
    const meter: RateMeter = {
      ...{ title: 'copy', unit: 'bytes', perStep: 1e6, dispose: async () => {} },
      steppable: contender('copy', []).work,
    }
    const copied = countingCase([contender('a', [3, 2, 1]).work], { bytes: 8 })
    const result = await runCase(copied, [], { limits, meter })
    expect(result.rows).toMatchObject([{ subject: 'a', bytes: 8 }])
    expect(result.meter).toMatchObject({ title: 'copy', unit: 'bytes' })
    expect(result.meter?.perSecond).toBeGreaterThan(0)
    const other = countingCase([contender('a', [3, 2, 1]).work], { flops: 8 })
    expect(await runCase(other, [], { limits, meter })).not.toHaveProperty('meter')
  })

  test('checks and times through the queue where steps are to be enqueued', async () => {
    const [a, b] = [contender('a', [3, 2, 1]), contender('b', [3, 2, 1])]
    let [enqueued, finished] = [0, 0]
    const queue = {
      enqueue() {
        enqueued++
        a.made.steps++
      },
      async finish() {
        finished++
      },
    }
    const contenders = [{ ...a.work, queue }, b.work]
    // A budget that even a step that is interrupted does not use up.
    const options = { limits: { ...limits, budgetMs: 1e6, maxBurst: 5 }, isQueued: true }
    const { rows, absentees } = await runCase(countingCase(contenders), [], options)
    expect(rows).toMatchObject([{ subject: 'a', runs: 10 }])
    expect(absentees).toEqual([{ subject: 'b', reason: 'waits for every step' }])
    // Three checked one by one, one to warm up, two turns of five.
    expect({ enqueued, finished }).toEqual({ enqueued: 3 + 1 + 10, finished: 3 + 1 + 2 })
    expect(b.made).toEqual({ steps: 0, disposed: true })
  })

  test('times nobody where one computes something else', async () => {
    const [a, b] = [contender('a', [3, 2, 1]), contender('b', [3, 2, 1.5])]
    const running = runCase(countingCase([a.work, b.work]), [], { limits })
    await expect(running).rejects.toThrow(/^counting, b: computed 1\.5 at 2/)
    expect(a.made).toEqual({ steps: 3, disposed: true })
    expect(b.made).toEqual({ steps: 3, disposed: true })
  })

  test('refuses a run that ends in infinity', async () => {
    const { work } = contender('a', [3, 2, 1, Number.POSITIVE_INFINITY])
    await expect(runCase(countingCase([work]), [], { limits })).rejects.toThrow(SubjectError)
  })
})
