import { cpu } from '@tensorweft/backend-cpu'
import { outputDifferences, randomCase, randomKinds, runPlan } from '@tensorweft/testkit/plans'
import { afterAll, describe, expect, test } from 'vitest'
import { wasm } from './index.ts'

const isFull = process.env.TENSORWEFT_FULL === '1'
const count = isFull ? 5000 : 400
const timeout = isFull ? 600_000 : 120_000

describe('random kernels agree with the cpu backend', { timeout }, () => {
  const backend = wasm()
  const reference = cpu()
  afterAll(() => backend.dispose())

  test.each(randomKinds)('%s', async (kind) => {
    for (let seed = 0; seed < count; seed++) {
      const { plan, inputs, scalars } = randomCase(kind, seed)
      const wanted = await runPlan(reference, plan, inputs, scalars)
      const got = await runPlan(backend, plan, inputs, scalars, 2)
      expect(outputDifferences(plan, got, wanted)).toEqual([])
    }
  })
})
