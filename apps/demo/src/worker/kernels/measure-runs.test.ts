import { afterEach, expect, test, vi } from 'vitest'
import { measureRuns } from './measure-runs.ts'

afterEach(() => vi.restoreAllMocks())

test.each([
  [0.001, 4 ** 6],
  [0.1, 64],
  [50, 1],
])('of runs of %d ms as many are made as the clock needs', async (runMs, runs) => {
  let now = 0
  vi.spyOn(performance, 'now').mockImplementation(() => now)
  const run = vi.fn(() => {
    now += runMs
  })
  const finish = vi.fn(async () => {})
  expect(await measureRuns(run, { finish })).toBeCloseTo(runMs)
  const rounds = 1 + Math.log(runs) / Math.log(4)
  expect(finish).toHaveBeenCalledTimes(rounds)
  expect(run).toHaveBeenCalledTimes((4 ** rounds - 1) / 3)
})
