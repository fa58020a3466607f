import { cpu } from '@tensorweft/backend-cpu'
import {
  type ContractKernel,
  compile,
  type Plan,
  softmax,
  type Tensor,
  tensor,
  withBackend,
} from '@tensorweft/core'
import { expect, test } from 'vitest'
import { operandsOf, planOf } from '../../plans/plan-of.ts'
import { affine, load } from '../../plans/steps.ts'
import { recordBackend } from '../../recording/record-backend.ts'
import { interpretPlan } from './interpret-plan.ts'

/** The plan of a compiled function. */
async function compiledPlan(fn: (x: Tensor) => Tensor, x: Tensor): Promise<Plan> {
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
  const plan = await compiledPlan((a) => softmax(a).mul(2), x)
  const [y] = interpretPlan(plan, [Float32Array.of(1, 2, 4, 0, 0, 0)])
  const total = Math.exp(1) + Math.exp(2) + Math.exp(4)
  expect(y?.[0]).toBeCloseTo((2 * Math.exp(1)) / total, 6)
  expect(y?.[5]).toBeCloseTo(2 / 3, 6)
})

test('inputs stay as they are, also where an output is written over one', async () => {
  const plan = await compiledPlan((a) => a.add(1), tensor([1, 2]))
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
  const plan = await compiledPlan((a) => a.add(1), tensor([1, 2]))
  expect(() => interpretPlan(plan, [Float32Array.of(1)])).toThrow('no element 1')
})

test('products of large integers wrap', () => {
  const one = { dtype: 'int32', size: 1 } as const
  const program = (operand: number) => ({ program: [load('int32', operand, affine([]))] })
  const product: ContractKernel = {
    kind: 'contract',
    label: 'product',
    axes: [],
    operands: operandsOf(one, one, one),
    batch: [],
    m: [],
    n: [],
    k: [],
    left: program(0),
    right: program(1),
    epilogue: [{ op: 'reduced', dtype: 'int32', reduction: 0 }],
    stores: [{ value: 0, operand: 2, index: affine([]) }],
  }
  const plan = planOf({ inputs: [one, one], outputs: [one], kernels: [product] })
  const [a, b] = [2 ** 31 - 1, 123_456_789] as const
  // A product that doubles do not hold.
  expect(a * b).toBeGreaterThan(2 ** 53)
  expect(interpretPlan(plan, [Int32Array.of(a), Int32Array.of(b)])).toEqual([
    Int32Array.of(Math.imul(a, b)),
  ])
})
