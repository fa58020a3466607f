import { cpu } from '@tensorweft/backend-cpu'
import { ArgumentError, gradients, setBackend, type Tensor, tensor } from '@tensorweft/core'
import { beforeAll, describe, expect, test } from 'vitest'
import { hinge, leastSquares, minimax, nonSaturating, wasserstein } from './index.ts'

beforeAll(() => setBackend(cpu()))

const logits = [-3, -0.4, 0.25, 1.5, 8]
const sigmoid = (x: number) => 1 / (1 + Math.exp(-x))
const mean = (values: readonly number[]) => values.reduce((sum, v) => sum + v, 0) / values.length

/** What the papers say of one logit, in double precision. */
const rows = [
  [
    'minimax',
    minimax(),
    (x: number) => -Math.log(sigmoid(x)),
    (x: number) => -Math.log(1 - sigmoid(x)),
    (x: number) => Math.log(1 - sigmoid(x)),
  ],
  [
    'minimax with smoothing',
    minimax({ labelSmoothing: 0.2 }),
    (x: number) => -0.8 * Math.log(sigmoid(x)) - 0.2 * Math.log(1 - sigmoid(x)),
    (x: number) => -Math.log(1 - sigmoid(x)),
    (x: number) => Math.log(1 - sigmoid(x)),
  ],
  [
    'nonSaturating',
    nonSaturating(),
    (x: number) => -Math.log(sigmoid(x)),
    (x: number) => -Math.log(1 - sigmoid(x)),
    (x: number) => -Math.log(sigmoid(x)),
  ],
  [
    'nonSaturating with smoothing',
    nonSaturating({ labelSmoothing: 0.1 }),
    (x: number) => -0.9 * Math.log(sigmoid(x)) - 0.1 * Math.log(1 - sigmoid(x)),
    (x: number) => -Math.log(1 - sigmoid(x)),
    (x: number) => -Math.log(sigmoid(x)),
  ],
  [
    'leastSquares',
    leastSquares(),
    (x: number) => (x - 1) ** 2 / 2,
    (x: number) => x ** 2 / 2,
    (x: number) => (x - 1) ** 2 / 2,
  ],
  [
    'leastSquares with smoothing',
    leastSquares({ labelSmoothing: 0.1 }),
    (x: number) => (x - 0.9) ** 2 / 2,
    (x: number) => x ** 2 / 2,
    (x: number) => (x - 1) ** 2 / 2,
  ],
  [
    'hinge',
    hinge(),
    (x: number) => Math.max(0, 1 - x),
    (x: number) => Math.max(0, 1 + x),
    (x: number) => -x,
  ],
  ['wasserstein', wasserstein(), (x: number) => -x, (x: number) => x, (x: number) => -x],
] as const

describe.each(rows)('%s', (_, objective, real, fake, generator) => {
  test.each([
    ['real', objective.realLoss, real],
    ['fake', objective.fakeLoss, fake],
    ['generator', objective.generatorLoss, generator],
  ] as const)('%s: value and gradient are those of the formula', async (_, loss, formula) => {
    const x = tensor(logits)
    const value = loss(x)
    expect(value.shape).toEqual([])
    expect(await value.item()).toBeCloseTo(mean(logits.map(formula)), 5)
    const slopes = await gradients(value, x).data()
    const h = 1e-5
    logits.forEach((at, i) => {
      const difference = (formula(at + h) - formula(at - h)) / (2 * h)
      expect(slopes[i]).toBeCloseTo(difference / logits.length, 5)
    })
  })

  test('takes logits of any shape, and stays finite', async () => {
    const far = tensor([[[-1e4], [1e4]]])
    for (const loss of [objective.realLoss, objective.fakeLoss, objective.generatorLoss]) {
      const value = loss(far)
      expect(value.shape).toEqual([])
      expect(await value.item()).toSatisfy(Number.isFinite)
      expect([...(await gradients(value, far).data())]).toSatisfy((all: number[]) =>
        all.every(Number.isFinite),
      )
    }
  })

  test('scores perfect separation as it says', async () => {
    const { score, perfectSeparation } = objective
    if (perfectSeparation === undefined) {
      expect(await score(tensor([2, 4])).item()).toBe(3)
      return
    }
    // The logits at which real and fake losses are least.
    const best = async (loss: (x: Tensor) => Tensor) => {
      const at = Array.from({ length: 401 }, (_, i) => (i - 200) / 20)
      const values = await Promise.all(at.map((x) => loss(tensor([x])).item()))
      return score(tensor([at[values.indexOf(Math.min(...values))] ?? 0])).item()
    }
    const gap = (await best(objective.realLoss)) - (await best(objective.fakeLoss))
    expect(gap).toBeCloseTo(perfectSeparation, 1)
  })
})

test('the minimax generator is the opponent of the discriminator, the other pulls harder', async () => {
  const x = tensor([-4])
  const [loss, opposite] = [minimax().generatorLoss(x), minimax().fakeLoss(x)]
  expect(await loss.item()).toBe(-(await opposite.item()))
  const weak = Math.abs(await gradients(loss, x).sum().item())
  const strong = Math.abs(await gradients(nonSaturating().generatorLoss(x), x).sum().item())
  expect(strong).toBeGreaterThan(50 * weak)
})

test('a penalty of 0 is none', () => {
  expect(wasserstein().gradientPenalty).toBe(10)
  expect(wasserstein({ gradientPenalty: 0.5 }).gradientPenalty).toBe(0.5)
  expect(wasserstein({ gradientPenalty: 0 }).gradientPenalty).toBeUndefined()
})

test.each([
  [() => minimax({ labelSmoothing: 1 }), 'minimax: labelSmoothing 1; wanted a number in [0, 1)'],
  [() => nonSaturating({ labelSmoothing: -0.1 }), 'nonSaturating: labelSmoothing -0.1'],
  [() => leastSquares(0.1 as never), 'leastSquares: options 0.1; wanted { labelSmoothing }'],
  [() => wasserstein({ gradientPenalty: -1 }), 'wasserstein: gradientPenalty -1; wanted a finite'],
  [() => wasserstein(10 as never), 'wasserstein: options 10; wanted { gradientPenalty }'],
] as const)('%s is refused', (make, message) => {
  expect(make).toThrow(ArgumentError)
  expect(make).toThrow(message)
})
