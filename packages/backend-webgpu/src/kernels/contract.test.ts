import { cpu } from '@tensorweft/backend-cpu'
import { PlanBuilder, Random, runPlan } from '@tensorweft/testkit/plans'
import { expect, test } from 'vitest'
import { describeOnDevice } from '../testing/backends.testing.ts'
import { worstRelative } from '../testing/compare.testing.ts'
import { addProduct, layoutsOf, type ProductShape } from './contract/products.testing.ts'

const shapes: readonly ProductShape[] = [
  [1, 1, 1, 1],
  [1, 4, 3, 8],
  [1, 33, 65, 17],
  [1, 97, 3, 321],
  [1, 3, 41, 1300],
  [3, 13, 11, 17],
  [1, 1, 300, 9],
  [1, 300, 1, 9],
  [2, 36, 44, 52],
  [1, 0, 3, 4],
  [0, 3, 3, 4],
  [2, 5, 6, 0],
]

describeOnDevice('contract', (backend) => {
  for (const dtype of ['float32', 'int32', 'uint8'] as const) {
    test(`${dtype} products of all shapes and transpositions`, async () => {
      const random = new Random(7)
      const builder = new PlanBuilder()
      for (const shape of shapes) {
        const all = layoutsOf(shape)
        for (const layout of dtype === 'float32' ? all : all.slice(0, 1)) {
          addProduct(builder, random, dtype, shape, layout)
        }
      }
      const { plan, inputs, scalars } = builder.build()
      const wanted = await runPlan(cpu(), plan, inputs, scalars)
      const got = await runPlan(backend(), plan, inputs, scalars)
      const wrong = plan.kernels.flatMap(({ label }, k) => {
        const [g, w] = [got[k], wanted[k]]
        if (g === undefined || w === undefined) return [`${label} is missing`]
        const { ulps, ...at } = worstRelative(g, w, dtype)
        // Sums of a few hundred products round about as often.
        return ulps < 16 ? [] : [`${label}: ${JSON.stringify({ ...at, ulps })}`]
      })
      expect(wrong).toEqual([])
    })
  }
})
