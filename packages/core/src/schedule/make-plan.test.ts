import { describe, expect, test } from 'vitest'
import { byteLengthOf } from '../dtype.ts'
import { structureOf } from '../graph/structure.ts'
import {
  compile,
  contractVersion,
  gradients,
  type Plan,
  type Slot,
  setBackend,
  softmax,
  type Tensor,
  tensor,
  zeros,
} from '../index.ts'
import { NaiveBackend } from '../naive-backend/naive-backend.testing.ts'
import { makePlan } from './make-plan.ts'
import { planOf, valuesBothWays, wave } from './plans.testing.ts'

const eagerPlanOf = (end: Tensor) => makePlan(structureOf([end.node]), new NaiveBackend())

function slotsIn(plan: Plan, place: Slot['in']): Slot[] {
  return plan.slots.filter((slot) => slot.in === place)
}

describe('a plan', () => {
  test('is plain data', () => {
    const plan = planOf(() => [softmax(wave([4, 5]).matmul(wave([5, 5])))])
    expect(structuredClone(plan)).toEqual(plan)
    expect(plan.version).toBe(contractVersion)
  })

  test('lists inputs, outputs and numbers with their types', () => {
    const [x, y] = [wave([2, 3]), tensor([1, 2, 3], { dtype: 'int32' })]
    const end = x.mul(2).add(y.cast('float32')).sum(0)
    const plan = eagerPlanOf(end)
    expect(plan).toMatchObject({
      inputs: [
        { dtype: 'float32', size: 6 },
        { dtype: 'int32', size: 3 },
      ],
      outputs: [{ dtype: 'float32', size: 3, donated: undefined }],
      scalars: ['float32'],
    })
    expect(slotsIn(plan, 'input')).toHaveLength(2)
    expect(slotsIn(plan, 'output')).toHaveLength(1)
  })

  test('names operands once, with the dtype of their slot', () => {
    const x = wave([4, 4])
    const { kernels, slots } = planOf(() => [x.matmul(x).add(x).relu(), x.sum(0)])
    for (const { operands } of kernels) {
      expect(new Set(operands.map(({ slot }) => slot)).size).toBe(operands.length)
      for (const { slot, dtype } of operands) expect(slots[slot]?.dtype).toBe(dtype)
    }
  })

  test('gives scratch arrays that live together places of their own', () => {
    const x = wave([16, 16])
    const plan = planOf(() => {
      const parts = [1, 2, 3, 4].map((i) => x.matmul(wave([16, 16], i)))
      return [parts.reduce((a, b) => a.matmul(b))]
    })
    const arena = slotsIn(plan, 'arena')
    expect(arena.length).toBeGreaterThan(3)
    for (const slot of arena) {
      if (slot.in !== 'arena') continue
      const end = slot.byteOffset + byteLengthOf(slot.dtype, slot.size)
      expect(end).toBeLessThanOrEqual(plan.arenaByteLength)
    }
  })

  test('of a chain of products needs two places in the arena', () => {
    const plan = planOf(() => {
      let x = wave([16, 16])
      for (let i = 0; i < 10; i++) x = x.matmul(wave([16, 16], i))
      return [x]
    })
    expect(plan.arenaByteLength).toBe(2 * 16 * 16 * 4)
  })

  test('of nothing is empty', () => {
    const plan = makePlan(structureOf([]), new NaiveBackend())
    expect(plan).toMatchObject({ kernels: [], slots: [], inputs: [], outputs: [] })
    expect(plan.arenaByteLength).toBe(0)
  })

  test('has no kernels for results without elements', async () => {
    const build = () => [
      zeros([0, 3]).add(1),
      wave([3, 0]).sum(1),
      wave([3, 0]).matmul(zeros([0, 2])),
    ]
    const [empty, ...rest] = planOf(build).outputs
    expect(empty?.size).toBe(0)
    expect(rest.map(({ size }) => size)).toEqual([3, 6])
    const { together } = await valuesBothWays(build)
    expect(together).toEqual([[], [0, 0, 0], [0, 0, 0, 0, 0, 0]])
  })
})

describe('large graphs', () => {
  test('a long loop that nobody reads is computed', async () => {
    await setBackend(new NaiveBackend())
    let x = tensor([1, 2])
    for (let i = 0; i < 9_000; i++) x = x.neg()
    expect(await x.array()).toEqual([1, 2])
  })

  test('many kernels are planned in time', () => {
    const x = wave([4, 4])
    // The least of some, and time of the processor: other programs may run meanwhile.
    const elapsedMs = [1, 2, 3, 4, 5].map(() => {
      const start = process.cpuUsage()
      const plan = planOf(() => {
        let y = x
        for (let i = 0; i < 200; i++) y = y.sub(y.mean(i % 2, { keepDims: true }))
        return [y]
      })
      expect(plan.kernels.length).toBeGreaterThan(100)
      const { user, system } = process.cpuUsage(start)
      return (user + system) / 1000
    })
    expect(Math.min(...elapsedMs)).toBeLessThan(1000)
  })
})

test('the same function gives the same plan', () => {
  const x = wave([3, 4])
  const step = () =>
    gradients(
      softmax(x.matmul(wave([4, 4])))
        .square()
        .sum(),
      [x],
    )
  expect(planOf(step)).toEqual(planOf(step))
})

test('numbers of a compiled function are constants, its arguments scalars', () => {
  const traced = compile((x: Tensor, rate: Tensor) => x.mul(rate).mul(3)).traced(wave([2]), 0.1)
  const plan = makePlan(traced.structure, new NaiveBackend())
  expect(plan.scalars).toEqual(['float32'])
})
