import { cpu } from '@tensorweft/backend-cpu'
import { expect, test } from 'vitest'
import { describeOnDevice } from '../testing/backends.testing.ts'
import { worstRelative } from '../testing/compare.testing.ts'
import { PlanBuilder, runOn } from '../testing/plan-builder.testing.ts'
import { Random } from '../testing/random.testing.ts'
import { addRandomContraction, addRandomLoops } from '../testing/random-kernels.testing.ts'

const isFull = process.env.TENSORWEFT_FULL === '1'
const plans = isFull ? 40 : 4

/** Many kernels in one plan: devices in software are slow per submit, and compile in parallel. */
function randomPlan(add: (plan: PlanBuilder, random: Random) => void, seed: number, count: number) {
  const builder = new PlanBuilder()
  const seeds: number[] = []
  for (let k = 0; k < count; k++) {
    const before = builder.plan().outputs.length
    add(builder, new Random(seed * 1000 + k))
    const added = builder.plan().outputs.length - before
    for (let o = 0; o < added; o++) seeds.push(seed * 1000 + k)
  }
  return { builder, seeds }
}

describeOnDevice('random kernels', (backend) => {
  for (const [name, add] of Object.entries({ addRandomLoops, addRandomContraction })) {
    for (let seed = 0; seed < plans; seed++) {
      test(`${name}, plan ${seed}, as on cpu`, async () => {
        const { builder, seeds } = randomPlan(add, seed, 50)
        const plan = builder.plan()
        const wanted = await runOn(cpu(), { ...builder, plan })
        const got = await runOn(backend(), { ...builder, plan }, 2)
        const wrong = plan.outputs.flatMap(({ dtype }, k) => {
          const [g, w] = [got[k], wanted[k]]
          if (g === undefined || w === undefined) return [`output ${k} is missing`]
          const { ulps, ...at } = worstRelative(g, w, dtype)
          return ulps < 100 ? [] : [`seed ${seeds[k]}, ${dtype} output ${k}: ${JSON.stringify(at)}`]
        })
        expect(wrong).toEqual([])
      })
    }
  }
})
