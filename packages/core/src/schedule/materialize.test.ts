import { describe, expect, test } from 'vitest'
import {
  add,
  exp,
  gradients,
  type Instruction,
  max,
  mul,
  type ScalarFunction,
  sub,
  sum,
  type Tensor,
  transpose,
} from '../index.ts'
import { type Kernel, programsOf } from '../ir/kernel.ts'
import type { Plan } from '../ir/plan.ts'
import { kernelsOf, planOf, valuesBothWays, wave, workOf } from './plans.testing.ts'

/** How many kernels compute an instruction. */
function kernelsWith(instruction: Instruction | ScalarFunction, { kernels }: Plan): number {
  const has = (kernel: Kernel) =>
    programsOf(kernel)
      .flat()
      .some((step) => step.op === 'apply' && step.instruction === instruction)
  return kernels.filter(has).length
}

function reductionsIn({ kernels }: Plan): number {
  return kernels.reduce(
    (count, kernel) =>
      count + ('stages' in kernel ? kernel.stages.flatMap((stage) => stage.reductions).length : 1),
    0,
  )
}

/** Applies `step` again and again. */
function repeat(times: number, x: Tensor, step: (x: Tensor, i: number) => Tensor): Tensor {
  return Array.from({ length: times }).reduce<Tensor>((y, _, i) => step(y, i), x)
}

describe('elementwise ops', () => {
  test('of a chain are one kernel without an array between', () => {
    const x = wave([64, 64])
    const chain = () => [repeat(20, x, (y, i) => (i % 2 === 0 ? y.mul(1.1) : y.tanh()))]
    const plan = planOf(chain)
    expect(plan.kernels.map(({ kind }) => kind)).toEqual(['map'])
    expect(plan.arenaByteLength).toBe(0)
  })

  test('and views of any kind are one kernel', () => {
    const x = wave([6, 4])
    expect(
      kernelsOf(() => [
        transpose(x.add(1)).reshape([2, 12]).slice([0, 1], [2, 10]).mul(x.sum().mul(0).add(2)),
      ]),
    ).toHaveLength(2)
    const view = () => [transpose(x.relu()).reshape([2, 12]).slice([0, 1], [2, 10]).expandDims(0)]
    expect(kernelsOf(view)).toEqual(['map: relu'])
  })

  test('of long chains are cut into kernels of bounded size', () => {
    const x = wave([8])
    const plan = planOf(() => [repeat(300, x, (y) => y.sigmoid())])
    for (const kernel of plan.kernels) {
      expect(programsOf(kernel).flat().length).toBeLessThanOrEqual(600)
    }
    expect(plan.kernels.length).toBeLessThanOrEqual(10)
    expect(plan.arenaByteLength).toBeLessThanOrEqual(2 * 256)
  })
})

describe('a producer with two readers in different loops', () => {
  const bothSums = (y: Tensor) => [sum(y, 0), sum(y, 1)]

  test('is repeated where it is cheap', () => {
    const x = wave([20, 30])
    const plan = planOf(() => bothSums(x.mul(2).add(1)))
    expect(plan.arenaByteLength).toBe(0)
    expect(kernelsWith('add', plan)).toBe(2)
  })

  test('is kept where it is expensive', () => {
    const x = wave([20, 30])
    const plan = planOf(() => bothSums(exp(x.add(1))))
    expect(kernelsWith('exp', plan)).toBe(1)
    expect(plan.arenaByteLength).toBeGreaterThan(0)
  })

  test('is kept where broadcasting would repeat it often', () => {
    const [x, rows] = [wave([30]), wave([50, 30])]
    const plan = planOf(() => [add(rows, x.mul(2).add(1).mul(3).add(0.5))])
    expect(plan.kernels).toHaveLength(2)
    expect(workOf(plan)).toBeLessThan(50 * 30 * 6)
  })
})

test('the mask of a ReLU is told from its output, so that its input is not kept', () => {
  const [x, w, v] = [wave([8, 6]), wave([6, 5]), wave([5, 4], 2)]
  const { kernels } = planOf(() => gradients(x.matmul(w).relu().matmul(v).square().sum(), [w]))
  const [first] = kernels
  expect(first).toMatchObject({ kind: 'contract', label: 'matmul relu' })
  expect(first?.kind === 'contract' && first.stores).toHaveLength(1)
})

describe('reductions', () => {
  test('are computed once, whoever reads them', () => {
    const x = wave([12, 7])
    const normalised = (): Tensor[] => {
      const centred = sub(x, x.mean(1, { keepDims: true }))
      const variance = centred.square().mean(1, { keepDims: true })
      const y = centred.div(variance.add(1e-5).sqrt())
      return [y, max(y, 0), sum(mul(y, y), 1)]
    }
    // Mean and variance, and the two that are asked for.
    expect(reductionsIn(planOf(normalised))).toBe(4)
  })

  test('take what follows them and has their size as an epilogue', () => {
    const x = wave([12, 7])
    expect(kernelsOf(() => [sum(x, 1).mul(2).add(1).tanh()])).toEqual(['reduce: sum mul add tanh'])
  })

  test('are not entered by a reader of another size', () => {
    const x = wave([12, 70])
    const plan = planOf(() => [
      sum(x, 1)
        .expandDims(1)
        .add(wave([12, 3])),
    ])
    expect(reductionsIn(plan)).toBe(1)
    expect(workOf(plan)).toBeLessThan(12 * 70 * 4)
  })

  test('of reductions are separate', () => {
    const x = wave([12, 7, 5])
    const plan = planOf(() => [sum(max(sum(x, 2), 1))])
    expect(reductionsIn(plan)).toBe(3)
    expect(workOf(plan)).toBeLessThan(12 * 7 * 5 * 4)
  })
})

describe('work grows with the graph only', () => {
  const size = 16
  const diamonds = (count: number, step: (x: Tensor) => Tensor) => {
    const x = wave([size])
    const build = () => {
      const y = repeat(count, x, step)
      return [y, ...gradients(y.sum(), [x])]
    }
    return workOf(planOf(build)) / size
  }

  test.each<[string, (x: Tensor) => Tensor]>([
    ['cheap', (x) => x.add(x.mul(0.5))],
    ['expensive', (x) => x.tanh().add(x.exp())],
  ])('in 40 %s diamonds and their gradient', (_, step) => {
    for (const count of [40, 100]) expect(diamonds(count, step)).toBeLessThan(count * 13)
  })

  test('in the gradient norm of several products', () => {
    const size = 24
    const weights = [1, 2, 3, 4].map((phase) => wave([size, size], phase))
    const forward = () => weights.reduce((x, w) => x.matmul(w).tanh(), wave([size, size], 5))
    const norm = () => {
      const grads = gradients(forward().square().sum(), weights)
      const total = grads.map((grad) => grad.square().sum()).reduce((a, b) => a.add(b))
      return grads.map((grad) => grad.div(total.sqrt()))
    }
    // Forward, and each way back: 4 + 3 + 4 products.
    const products = 11 * 2 * size ** 3
    expect(workOf(planOf(norm))).toBeLessThan(1.6 * products)
    expect(reductionsIn(planOf(norm))).toBeLessThanOrEqual(11 + 5)
  })
})

test('what is fused has the values of what is not', async () => {
  const [x, w] = [wave([5, 6]), wave([6, 6], 2)]
  const { together, oneByOne } = await valuesBothWays(() => {
    const y = transpose(x.matmul(w).relu()).mul(0.3)
    const z = sub(y, y.mean(0)).exp()
    return [z, z.sum(1), ...gradients(z.mul(y).sum(), [x, w])]
  })
  together.forEach((values, i) => {
    values.forEach((value, j) => {
      const expected = oneByOne[i]?.[j] ?? Number.NaN
      expect(Math.abs(value - expected)).toBeLessThanOrEqual(2e-6 * Math.abs(expected) + 1e-6)
    })
  })
})
