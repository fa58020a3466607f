import { expect, test } from 'vitest'
import { runNaively } from '../naive.testing.ts'
import { Random, runOnCpu } from '../plans.testing.ts'
import { type Case, randomScan, randomScatter, randomSort } from '../random-kernels.testing.ts'

/** Everything is done in the same order with the same rounding, so that results are the same. */
async function check(seed: number, { plan, inputs, scalars }: Case): Promise<void> {
  const wanted = runNaively(plan, inputs, scalars)
  const got = await runOnCpu(plan, inputs, scalars, 2)
  wanted.forEach((array, output) => {
    const other = got[output] ?? new Uint8Array()
    const wrong = Array.from(array).findIndex((value, k) => !Object.is(value, other[k]))
    const place = { seed, element: wrong, wanted: array[wrong], got: other[wrong] }
    expect(wrong, JSON.stringify(place)).toBe(-1)
  })
}

const cases = { scans: randomScan, sorts: randomSort, scatters: randomScatter }

test.each(Object.entries(cases))('random %s', async (_, randomCase) => {
  for (let seed = 0; seed < 300; seed++) await check(seed, randomCase(new Random(seed)))
})
