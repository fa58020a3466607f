import { cpu } from '@tensorweft/backend-cpu'
import { afterAll, describe, expect, test } from 'vitest'
import { Random, runOn } from '../plans.testing.ts'
import {
  firstDifference,
  randomContraction,
  randomLoopKernel,
  randomScan,
  randomScatter,
  randomSort,
  randomSumOfProducts,
} from '../random-kernels.testing.ts'
import { wasmWith } from '../wasm-backend.ts'
import { eager } from './eager.testing.ts'
import { mirror } from './mirror.testing.ts'

const isFull = process.env.TENSORWEFT_FULL === '1'
const count = isFull ? 1500 : 80
const timeout = isFull ? 600_000 : 60_000

const kinds = {
  'map, reduce and row': randomLoopKernel,
  'sum of products': randomSumOfProducts,
  contract: randomContraction,
  scan: randomScan,
  sort: randomSort,
  scatter: randomScatter,
}

describe('random kernels on 1, 2 and 3 threads agree with the cpu backend', { timeout }, () => {
  const threads = mirror([
    wasmWith({ threads: 1 }, eager),
    wasmWith({ threads: 2 }, eager),
    wasmWith({ threads: 3 }, eager),
  ])
  const reference = cpu()
  afterAll(() => threads.dispose())

  test.each(Object.entries(kinds))('%s', async (_, randomCase) => {
    for (let seed = 0; seed < count; seed++) {
      const { plan, inputs, scalars } = randomCase(new Random(seed))
      const wanted = await runOn(reference, plan, inputs, scalars)
      const got = await runOn(threads, plan, inputs, scalars, 2)
      wanted.forEach((array, output) => {
        const other = got[output] ?? new Uint8Array()
        const element = firstDifference(array, other)
        expect(element, `seed ${seed}, output ${output}`).toBe(-1)
      })
    }
  })
})
