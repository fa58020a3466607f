import type { Plan, Step } from '@tensorweft/core'
import {
  affine,
  apply,
  load,
  mapKernel,
  operandsOf,
  planOf,
  runPlan,
} from '@tensorweft/testkit/plans'
import { expect, test } from 'vitest'
import { decodeBytes } from '../assembler/wabt.testing.ts'
import { wasm } from '../index.ts'
import { emitPlanModule } from '../plan.ts'
import { defaultPolicy } from '../threads/policy.ts'

function mapPlan(axes: readonly number[], program: readonly Step[], specs: Plan['inputs']): Plan {
  const kernel = mapKernel('gather', axes, operandsOf(...specs), program)
  return planOf({ kernels: [kernel], inputs: specs.slice(0, -1), outputs: specs.slice(-1) })
}

/** The text of the kernel that copies rows of 64, chosen by numbers that are read at `from`. */
async function textOf(from: readonly number[]): Promise<string> {
  const specs = [
    { dtype: 'float32' as const, size: 6400 },
    { dtype: 'int32' as const, size: 640 },
    { dtype: 'float32' as const, size: 640 },
  ]
  const program: Step[] = [
    load('int32', 1, affine(from)),
    { op: 'gather', dtype: 'float32', operand: 0, index: affine([0, 1]), offset: 0, within: [] },
  ]
  const plan = mapPlan([10, 64], program, specs)
  const generated = plan.kernels.filter((kernel) => kernel.kind !== 'custom')
  return decodeBytes(
    emitPlanModule(plan, generated, {
      ...defaultPolicy,
      maximumPages: 10,
      isShared: false,
      threads: 1,
      canWait: true,
    }).bytes,
  )
}

test('rows that are chosen are loaded by vectors', async () => {
  const text = await textOf([1, 0])
  expect(text).toMatch(/v128\.load$/m)
  expect(text).not.toContain('load32_lane')
})

test('elements that are chosen are loaded lane by lane', async () => {
  const text = await textOf([64, 1])
  expect(text.match(/load32_lane/g)?.length).toBeGreaterThanOrEqual(3)
})

test('an index may lie far outside of the array, below address 0, if its offset leads back', async () => {
  const far = 2 ** 28
  const gather = { op: 'gather', dtype: 'float32', operand: 0, within: [] } as const
  const program: Step[] = [
    load('int32', 1, affine([1])),
    load('float32', 0, affine([1])),
    { ...gather, index: affine([1], -far), offset: 0 },
    apply('float32', 'sub', 2, 1),
  ]
  const spec = { dtype: 'float32' as const, size: 37 }
  const plan = mapPlan([37], program, [spec, { dtype: 'int32', size: 37 }, spec])
  // Each element less itself, but for three that are compared with others.
  const offsets = new Int32Array(37).fill(far).map((offset, i) => (i < 3 ? offset + 33 : offset))
  const values = Float32Array.from({ length: 37 }, (_, i) => i * i)
  const [got] = await runPlan(wasm(), plan, [values, offsets])
  expect(got).toEqual(values.map((x, i) => (i < 3 ? (i + 33) ** 2 - x : 0)))
})
