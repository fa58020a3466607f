import { cpu } from '@tensorweft/backend-cpu'
import { describe, expect, test } from 'vitest'
import { wasm } from './index.ts'
import { Random, runOn } from './plans.testing.ts'
import {
  type Case,
  randomContraction,
  randomLoopKernel,
  randomScan,
  randomScatter,
  randomSort,
} from './random-kernels.testing.ts'

const isFull = process.env.TENSORWEFT_FULL === '1'
const count = isFull ? 5000 : 400
const timeout = isFull ? 600_000 : 60_000

/** Values are small integers or wrap, so that both backends agree to the bit. */
async function check(seed: number, { plan, inputs, scalars }: Case): Promise<void> {
  const wanted = await runOn(cpu(), plan, inputs, scalars)
  const got = await runOn(wasm(), plan, inputs, scalars, 2)
  wanted.forEach((array, output) => {
    const other = got[output] ?? new Uint8Array()
    const differs = array.findIndex((value: number, k: number) => value !== other[k])
    const place = { seed, output, element: differs, wanted: array[differs], got: other[differs] }
    expect(differs, JSON.stringify(place)).toBe(-1)
  })
}

const kinds = {
  'map, reduce and row': randomLoopKernel,
  contract: randomContraction,
  scan: randomScan,
  sort: randomSort,
  scatter: randomScatter,
}

describe('random kernels agree with the cpu backend', { timeout }, () => {
  test.each(Object.entries(kinds))('%s', async (_, randomCase) => {
    for (let seed = 0; seed < count; seed++) await check(seed, randomCase(new Random(seed)))
  })
})
