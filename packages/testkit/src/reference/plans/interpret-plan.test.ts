import { cpu } from '@tensorweft/backend-cpu'
import { compile, type Plan, softmax, type Tensor, tensor, withBackend } from '@tensorweft/core'
import { expect, test } from 'vitest'
import { recordBackend } from '../../recording/record-backend.ts'
import { interpretPlan } from './interpret-plan.ts'

/** The plan of a compiled function. */
async function planOf(fn: (x: Tensor) => Tensor, x: Tensor): Promise<Plan> {
  const backend = recordBackend(cpu())
  await withBackend(backend, async () => compile(fn)(x))
  const [plan] = backend.plans
  if (plan === undefined) throw new Error('no plan')
  return plan
}

test('a plan means what the graph means', async () => {
  const x = tensor([
    [1, 2, 4],
    [0, 0, 0],
  ])
  const plan = await planOf((a) => softmax(a).mul(2), x)
  const [y] = interpretPlan(plan, [Float32Array.of(1, 2, 4, 0, 0, 0)])
  const total = Math.exp(1) + Math.exp(2) + Math.exp(4)
  expect(y?.[0]).toBeCloseTo((2 * Math.exp(1)) / total, 6)
  expect(y?.[5]).toBeCloseTo(2 / 3, 6)
})

test('inputs stay as they are, also where an output is written over one', async () => {
  const plan = await planOf((a) => a.add(1), tensor([1, 2]))
  const donating: Plan = {
    ...plan,
    slots: plan.slots.map((slot) => ({
      in: 'input',
      input: 0,
      dtype: slot.dtype,
      size: slot.size,
    })),
    outputs: plan.outputs.map((output) => ({ ...output, donated: 0 })),
  }
  const input = Float32Array.of(1, 2)
  expect(interpretPlan(donating, [input])).toEqual([Float32Array.of(2, 3)])
  expect(input).toEqual(Float32Array.of(1, 2))
})

test('addresses outside of an array are errors', async () => {
  const plan = await planOf((a) => a.add(1), tensor([1, 2]))
  expect(() => interpretPlan(plan, [Float32Array.of(1)])).toThrow('no element 1')
})
