import { cpu } from '@tensorweft/backend-cpu'
import { outputDifferences, randomCase, randomKinds, runPlan } from '@tensorweft/testkit/plans'
import { afterAll, describe, expect, test } from 'vitest'
import { wasmWith } from '../wasm-backend.ts'
import { eager } from './eager.testing.ts'

const isFull = process.env.TENSORWEFT_FULL === '1'
const count = isFull ? 1500 : 80
const timeout = isFull ? 600_000 : 120_000

describe('random kernels on 1, 2 and 3 threads agree with the cpu backend', { timeout }, () => {
  const backends = [1, 2, 3].map((threads) => wasmWith({ threads }, eager))
  const reference = cpu()
  afterAll(() => Promise.all(backends.map((backend) => backend.dispose())))

  test.each(randomKinds)('%s', async (kind) => {
    for (let seed = 0; seed < count; seed++) {
      const { plan, inputs, scalars } = randomCase(kind, seed)
      const wanted = await runPlan(reference, plan, inputs, scalars)
      const results = await Promise.all(
        backends.map((backend) => runPlan(backend, plan, inputs, scalars, 2)),
      )
      const [first] = results
      for (const got of results) {
        expect(outputDifferences(plan, got, wanted)).toEqual([])
        // The same zeros, too. Not the same NaN: WebAssembly leaves its sign open.
        expect(got).toEqual(first)
      }
    }
  })
})
