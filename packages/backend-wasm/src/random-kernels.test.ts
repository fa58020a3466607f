import { cpu } from '@tensorweft/backend-cpu'
import type { Backend } from '@tensorweft/core'
import { afterAll, describe, expect, test } from 'vitest'
import type { Case } from './case-builder.testing.ts'
import { wasm } from './index.ts'
import { Random, runOn } from './plans.testing.ts'
import {
  firstDifference,
  randomContraction,
  randomLoopKernel,
  randomScan,
  randomScatter,
  randomSort,
  randomSumOfProducts,
} from './random-kernels.testing.ts'

const isFull = process.env.TENSORWEFT_FULL === '1'
const count = isFull ? 5000 : 400
const timeout = isFull ? 600_000 : 60_000

/** Values are small integers or wrap, so that both backends agree to the bit. */
async function check(
  backend: Backend,
  seed: number,
  { plan, inputs, scalars }: Case,
): Promise<void> {
  const wanted = await runOn(cpu(), plan, inputs, scalars)
  const got = await runOn(backend, plan, inputs, scalars, 2)
  wanted.forEach((array, output) => {
    const other = got[output] ?? new Uint8Array()
    const differs = firstDifference(array, other)
    const place = { seed, output, element: differs, wanted: array[differs], got: other[differs] }
    expect(differs, JSON.stringify(place)).toBe(-1)
  })
}

const kinds = {
  'map, reduce and row': randomLoopKernel,
  'sum of products': randomSumOfProducts,
  contract: randomContraction,
  scan: randomScan,
  sort: randomSort,
  scatter: randomScatter,
}

describe('random kernels agree with the cpu backend', { timeout }, () => {
  const backend = wasm()
  afterAll(() => backend.dispose())

  test.each(Object.entries(kinds))('%s', async (_, randomCase) => {
    for (let seed = 0; seed < count; seed++) {
      await check(backend, seed, randomCase(new Random(seed)))
    }
  })
})
