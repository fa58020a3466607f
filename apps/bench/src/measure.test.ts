import { describe, expect, test } from 'vitest'
import { type MeasureLimits, measure, type Steppable, summarize } from './measure.ts'

const limits: MeasureLimits = {
  warmUpMs: 100,
  budgetMs: 1000,
  minRounds: 3,
  maxRounds: 10,
  maxBurst: 50,
  slowMs: 50_000,
}

/** Subjects whose steps advance a clock of their own, and a log of whose turn it was. */
function fakes(durationsMs: Record<string, () => number>) {
  let now = 0
  const log: string[] = []
  const subjects: Steppable[] = Object.entries(durationsMs).map(([name, duration]) => ({
    subject: name,
    activate: async () => {
      log.push(name)
    },
    step: async () => {
      now += duration()
    },
  }))
  return { subjects, log, clock: () => now }
}

describe('measure', () => {
  test('gives every subject the same time, in turns', async () => {
    const { subjects, log, clock } = fakes({ fast: () => 5, slow: () => 100 })
    const timings = await measure(subjects, limits, clock)
    expect(timings).toEqual([
      { medianMs: 5, minMs: 5, runs: 200 },
      { medianMs: 100, minMs: 100, runs: 10 },
    ])
    const warmUp = ['fast', 'slow']
    expect(log).toEqual([...warmUp, ...Array.from({ length: 10 }, () => ['fast', 'slow']).flat()])
  })

  test('runs a very slow subject the fewest rounds, and warms it up with one step', async () => {
    const { subjects, clock } = fakes({ slow: () => 10_000 })
    const [timing] = await measure(subjects, limits, clock)
    expect(timing).toEqual({ medianMs: 10_000, minMs: 10_000, runs: 3 })
    expect(clock()).toBe(40_000)
  })

  test('makes the fewest rounds without a budget, also where the clock sees no step', async () => {
    const { subjects, clock } = fakes({ unseen: () => 0 })
    const [timing] = await measure(subjects, { ...limits, warmUpMs: 0, budgetMs: 0 }, clock)
    expect(timing).toEqual({ medianMs: 0, minMs: 0, runs: 3 })
  })

  test('limits the steps of one turn', async () => {
    const { subjects, clock } = fakes({ tiny: () => 0.001 })
    const [timing] = await measure(subjects, limits, clock)
    expect(timing?.runs).toBe(limits.maxBurst * limits.maxRounds)
  })

  test('times one that was too slow before once, and the others as if alone', async () => {
    const { subjects, log, clock } = fakes({ fast: () => 5, slow: () => 60_000 })
    const checked = subjects.map((subject, i) => ({ ...subject, checkedMs: [5, 50_000][i] }))
    expect(await measure(checked, limits, clock)).toEqual([
      { medianMs: 5, minMs: 5, runs: 200 },
      { medianMs: 60_000, minMs: 60_000, runs: 1 },
    ])
    expect(log.filter((name) => name === 'slow')).toEqual(['slow'])
    expect(clock()).toBe(100 + 60_000 + 1000)
  })

  test('times everybody once where all were too slow', async () => {
    const { subjects, clock } = fakes({ slow: () => 100, slower: () => 200 })
    const checked = subjects.map((subject) => ({ ...subject, checkedMs: 60_000 }))
    expect(await measure(checked, limits, clock)).toMatchObject([
      { medianMs: 100, runs: 1 },
      { medianMs: 200, runs: 1 },
    ])
  })

  test('does not count what settles after a step', async () => {
    let now = 0
    const subject: Steppable = {
      subject: 'settling',
      activate: async () => {},
      step: async () => {
        now += 5
      },
      settle: async () => {
        now += 1000
      },
    }
    const [timing] = await measure([subject], limits, () => now)
    expect(timing).toMatchObject({ medianMs: 5, minMs: 5 })
  })

  test('awaits enqueued steps together, ever more of them to warm up', async () => {
    let [now, pending] = [0, 0]
    const bursts: number[] = []
    const queue = {
      enqueue() {
        pending++
      },
      async finish() {
        bursts.push(pending)
        now += 10 + 5 * pending
        pending = 0
      },
    }
    const subject: Steppable = {
      ...{ subject: 'queued', activate: async () => {}, queue },
      step: () => Promise.reject(new Error('waits')),
    }
    const [timing] = await measure([subject], limits, () => now)
    // 100 ms are over after 15 + 20 + 30 + 50 ms; the shortest step is that of 8 together.
    const burst = Math.round(1000 / 10 / (50 / 8))
    expect(bursts).toEqual([1, 2, 4, 8, ...Array(10).fill(burst)])
    const each = (10 + 5 * burst) / burst
    expect(timing).toEqual({ medianMs: each, minMs: each, runs: 10 * burst })
  })

  test('says whose step failed', async () => {
    const failing: Steppable = {
      ...{ subject: 'failing', activate: async () => {} },
      step: () => Promise.reject(new Error('out of memory')),
    }
    const { subjects, clock } = fakes({ fine: () => 5 })
    const measuring = measure([...subjects, failing], limits, clock)
    await expect(measuring).rejects.toMatchObject({ subject: 'failing', message: 'out of memory' })
  })

  test('leaves out the warm-up', async () => {
    let steps = 0
    const { subjects, clock } = fakes({ warming: () => (steps++ < 5 ? 20 : 10) })
    const [timing] = await measure(subjects, limits, clock)
    expect(timing).toMatchObject({ medianMs: 10, minMs: 10 })
  })
})

describe('summarize', () => {
  test('takes the middle of an odd count and the mean of the middle two of an even one', () => {
    expect(summarize([9, 1, 5])).toEqual({ medianMs: 5, minMs: 1, runs: 3 })
    expect(summarize([8, 2, 4, 100])).toEqual({ medianMs: 6, minMs: 2, runs: 4 })
  })

  test('sorts by value, not by spelling', () => {
    expect(summarize([10, 9, 100]).medianMs).toBe(10)
  })
})
