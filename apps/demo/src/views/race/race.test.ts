import { describe, expect, test, vi } from 'vitest'
import type { CheckedSteps, Entry, Lane, Started } from './contestant.ts'
import { makeProblem } from './problem.ts'
import { race, raceLimits } from './race.ts'
import type { Limits, Standing } from './runner.ts'

const digits = { images: new Float32Array(128 * 784), labels: new Int32Array(128) }
const problem = makeProblem('mlp', 'sgd', digits)
const entries: readonly Entry[] = [
  { framework: 'tensorweft', backend: 'cpu' },
  { framework: 'tfjs', backend: 'cpu' },
]

interface Plan {
  readonly started?: Started
  readonly losses?: readonly number[]
  readonly stepMs?: number
  readonly run?: (count: number) => Promise<number>
}

/** A race of contestants that pretend; resolves with the last standing of each and with the turns. */
async function stage(plans: readonly Plan[], limits: Partial<Limits> = {}, signal?: AbortSignal) {
  const standings: Standing[] = []
  const turns: string[] = []
  const ended = new Set<number>()
  const open = (entry: Entry): Lane => {
    const i = entries.indexOf(entry)
    const { stepMs = 10, ...plan } = plans[i] ?? {}
    return {
      contestant: {
        start: async () => plan.started ?? { threads: 1 },
        check: async (): Promise<CheckedSteps> => ({
          losses: plan.losses ?? [2, 1, 0.5],
          stepsMs: [stepMs, stepMs],
        }),
        async run(count) {
          turns.push(`${i}×${count}`)
          return plan.run === undefined ? count * stepMs : plan.run(count)
        },
      },
      failed: new Promise(() => {}),
      end: () => ended.add(i),
    }
  }
  const onChange = (i: number, standing: Standing) => {
    standings[i] = standing
  }
  const result = race({
    ...{ problem, entries, open, onChange },
    signal: signal ?? new AbortController().signal,
    limits: { ...raceLimits, ...limits },
  })
  return { result, standings, turns, ended }
}

describe('a race', () => {
  test('lets contestants take turns of about equal time, and tells medians', async () => {
    const limits = { warmUpMs: 1, budgetMs: 400, minRounds: 2, maxRounds: 4 }
    const { result, standings, turns, ended } = await stage(
      [{ stepMs: 10 }, { stepMs: 100 }],
      limits,
    )
    await result
    expect(turns).toEqual(['0×1', '1×1', ...Array(4).fill(['0×10', '1×1']).flat()])
    expect(standings).toMatchObject([
      { state: 'done', stepMs: 10, steps: 40, loss: 0.5 },
      { state: 'done', stepMs: 100, steps: 4, loss: 0.5, difference: 0 },
    ])
    expect(ended).toEqual(new Set([0, 1]))
  })

  test('counts the first steps of who is slow', async () => {
    const { result, standings, turns } = await stage([{}, { stepMs: 4000 }])
    await result
    expect(standings[1]).toMatchObject({ state: 'done', stepMs: 4000, steps: 2 })
    expect(turns.filter((turn) => turn.startsWith('1'))).toEqual([])
  })

  test('tells why somebody cannot take part', async () => {
    const { result, standings } = await stage([{ started: { unable: 'No kernel.' } }, {}])
    await result
    expect(standings).toMatchObject([
      { state: 'out', reason: 'No kernel.' },
      { state: 'done', stepMs: 10 },
    ])
  })

  test.each([[[2, 1.01, 0.5]], [[2, Number.NaN, 0.5]]])('refuses losses of %s', async (losses) => {
    const { result, standings } = await stage([{}, { losses }])
    await result
    expect(standings[1]).toMatchObject({ state: 'out' })
    expect(standings[1]?.reason).toMatch(/^Its losses are not those of the others/)
    expect(standings[1]?.stepMs).toBeUndefined()
  })

  test('leaves out who breaks down in the middle', async () => {
    const run = async () => {
      throw new Error('Out of memory.')
    }
    const { result, standings, ended } = await stage([{ run }, {}])
    await result
    expect(standings).toMatchObject([{ state: 'out', reason: 'Out of memory.' }, { state: 'done' }])
    expect(ended).toEqual(new Set([0, 1]))
  })

  test('stops who does not answer', async () => {
    vi.useFakeTimers()
    try {
      const { result, standings } = await stage([{ run: () => new Promise(() => {}) }, {}])
      await vi.advanceTimersByTimeAsync(raceLimits.patienceMs)
      await result
      expect(standings[0]?.reason).toBe('It did not answer within 60 seconds and was stopped.')
      expect(standings[1]?.state).toBe('done')
    } finally {
      vi.useRealTimers()
    }
  })

  test('ends at once when it is cancelled, also while somebody computes', async () => {
    const controller = new AbortController()
    const run = () => new Promise<number>(() => controller.abort(new Error('cancelled')))
    const { result, ended } = await stage([{ run }, {}], {}, controller.signal)
    await expect(result).rejects.toThrow('cancelled')
    expect(ended).toEqual(new Set([0, 1]))
  })
})
