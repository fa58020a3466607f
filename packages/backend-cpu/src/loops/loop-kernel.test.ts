import { describe, expect, test } from 'vitest'
import { runNaively } from '../naive.testing.ts'
import { Random, runOnCpu } from '../plans.testing.ts'
import { randomLoopKernel, worstDifference } from '../random-kernels.testing.ts'

describe('random loop kernels', () => {
  for (let seed = 0; seed < 200; seed++) {
    test(`seed ${seed}`, async () => {
      const { plan, inputs, scalars } = randomLoopKernel(new Random(seed))
      const wanted = runNaively(plan, inputs, scalars)
      const got = await runOnCpu(plan, inputs, scalars)
      got.forEach((array, k) => {
        const w = wanted[k]
        const dtype = plan.outputs[k]?.dtype ?? 'float32'
        if (w === undefined) throw new Error()
        const scale = Math.max(1, ...Array.from(w, (v) => Number.isFinite(v) ? Math.abs(v) : 0))
        const d = worstDifference(array, w, dtype) / scale
        if (d > 50) console.log(seed, k, d, plan.kernels[0]?.kind, JSON.stringify(plan.kernels[0]), got, wanted)
        expect(d).toBeLessThan(50)
      })
    })
  }
})
