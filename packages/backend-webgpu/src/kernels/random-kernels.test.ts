import { cpu } from '@tensorweft/backend-cpu'
import {
  addRandomKernel,
  interpretPlan,
  outputDifferences,
  PlanBuilder,
  type RandomKernelOptions,
  type RandomKind,
  randomKinds,
  runPlan,
} from '@tensorweft/testkit/plans'
import { expect, test } from 'vitest'
import { describeOnDevice } from '../testing/backends.testing.ts'

const isFull = process.env.TENSORWEFT_FULL === '1'
const plans = isFull ? 40 : 1
const timeout = 300_000

/**
 * Many kernels in one plan: devices in software are slow per submit, and compile in parallel.
 * WGSL lets compilers reassociate as if neither NaN nor infinities occurred, and SwiftShader makes
 * `a` of `(a - s) + s` even where `s` is infinite: such programs are left out.
 */
function randomPlan(kind: RandomKind, plan: number, options?: RandomKernelOptions) {
  const builder = new PlanBuilder()
  const finite = { ...options, specials: false }
  for (let k = 0; k < 50; k++) addRandomKernel(builder, kind, plan * 1000 + k, finite)
  return builder.build()
}

describeOnDevice('random kernels', (backend) => {
  for (const kind of randomKinds) {
    for (let number = 0; number < plans; number++) {
      test(`${kind}, plan ${number}, as on cpu`, { timeout }, async () => {
        const { plan, inputs, scalars } = randomPlan(kind, number)
        const wanted = await runPlan(cpu(), plan, inputs, scalars)
        const got = await runPlan(backend(), plan, inputs, scalars, 2)
        expect(outputDifferences(plan, got, wanted)).toEqual([])
      })
    }
  }

  test.each(randomKinds)(
    '%s with arrays of float16, as the contract says',
    { timeout },
    async (kind) => {
      const options = { dtypes: ['float32', 'float16', 'int32', 'uint8'] } as const
      const { plan, inputs, scalars } = randomPlan(kind, plans, options)
      const wanted = interpretPlan(plan, inputs, scalars)
      const got = await runPlan(backend(), plan, inputs, scalars)
      expect(outputDifferences(plan, got, wanted)).toEqual([])
    },
  )
})
