import { beforeAll, describe, expect, test } from 'vitest'
import {
  ArgumentError,
  cosineSimilarity,
  DTypeError,
  gaussianNll,
  gradients,
  hinge,
  huber,
  klDivergence,
  type LossOptions,
  logCosh,
  meanAbsoluteError,
  meanSquaredError,
  poisson,
  ShapeError,
  setBackend,
  type Tensor,
  tensor,
  tripletMargin,
  zeros,
} from '../index.ts'
import { NaiveBackend } from '../naive-backend/naive-backend.testing.ts'

beforeAll(() => setBackend(new NaiveBackend()))

type Loss = (a: Tensor, b: Tensor, options?: LossOptions) => Tensor

const losses: Readonly<Record<string, Loss>> = {
  cosineSimilarity,
  hinge,
  huber,
  klDivergence,
  logCosh,
  meanAbsoluteError,
  meanSquaredError,
  poisson,
  gaussianNll: (a, b, options) => gaussianNll(a, b, a, options),
  tripletMargin: (a, b, options) => tripletMargin(a, b, a, options),
}

describe.each(Object.entries(losses))('%s', (name, loss) => {
  test('takes floats of one shape and dtype', () => {
    const [x, y] = [zeros([2, 3]), zeros([3])]
    expect(() => loss(x, y)).toThrow(ShapeError)
    expect(() => loss(x, y)).toThrow(`${name}: `)
    expect(() => loss(x, x.cast('int32') as never)).toThrow(DTypeError)
    expect(() => loss(x, x.cast('float64') as never)).toThrow(DTypeError)
    expect(() => loss(x, 1 as never)).toThrow(ArgumentError)
  })

  test('has three reductions, the mean by default', async () => {
    const [a, b] = [tensor([[0.5, 0.25]]), tensor([[0.75, 0.25]])]
    const each = await loss(a, b, { reduction: 'none' }).data()
    const sum = each.reduce((total, value) => total + value, 0)
    expect(await loss(a, b, { reduction: 'sum' }).item()).toBeCloseTo(sum, 6)
    expect(await loss(a, b).item()).toBeCloseTo(sum / each.length, 6)
    expect(() => loss(a, b, { reduction: 'all' as 'sum' })).toThrow(ArgumentError)
  })
})

describe('finite where the formula would not be', () => {
  async function both(loss: Tensor, x: Tensor): Promise<[number, number[]]> {
    return [await loss.item(), [...(await gradients(loss, x).data())]]
  }

  test('cosineSimilarity of vectors that are zero, huge or tiny', async () => {
    const unit = tensor([[1, 0]])
    const [zero, slope] = await both(cosineSimilarity(unit, zeros([1, 2])), unit)
    expect([zero, ...slope].every((value) => value === 0)).toBe(true)
    for (const size of [1e-30, 1e30]) {
      const x = tensor([[0, size]])
      const [similarity] = await both(cosineSimilarity(x, tensor([[0, 3]])), x)
      expect(similarity).toBeCloseTo(-1, 6)
    }
  })

  test('tripletMargin where distances are 0', async () => {
    const x = zeros([1, 2])
    expect(await both(tripletMargin(x, zeros([1, 2]), zeros([1, 2])), x)).toEqual([1, [0, 0]])
  })

  test('poisson and klDivergence where targets are 0', async () => {
    const x = tensor([0, 2])
    expect(await both(poisson(x, zeros([2]), { reduction: 'sum' }), x)).toEqual([2, [1, 1]])
    expect(await both(klDivergence(x, tensor([0, 2])), x)).toEqual([0, [0, -1]])
  })

  test('huber and logCosh far away', async () => {
    const x = tensor([1e30, -1e30])
    const far = await both(huber(x, zeros([2]), { reduction: 'sum', delta: 2 }), x)
    expect(far).toEqual([Math.fround(Math.fround(1e30) * 4), [2, -2]])
    expect((await both(logCosh(x, zeros([2])), x))[1]).toEqual([0.5, -0.5])
  })
})

test('logCosh is relatively accurate near 0', async () => {
  const x = tensor([1e-3, -1e-10])
  const [first = 0, second = 0] = await logCosh(x, zeros([2]), { reduction: 'none' }).data()
  expect(first / 5e-7).toBeCloseTo(1, 6)
  expect(second / 5e-21).toBeCloseTo(1, 6)
})

test('options have ranges', () => {
  const x = zeros([2])
  expect(() => huber(x, x, { delta: -1 })).toThrow('huber: delta -1; wanted a number from 0.')
  expect(() => huber(x, x, { delta: Number.NaN })).toThrow(ArgumentError)
  expect(() => tripletMargin(x, x, x, { margin: -1 })).toThrow(ArgumentError)
})

test('losses over the last axis need one', () => {
  expect(() => cosineSimilarity(zeros([]), zeros([]))).toThrow(ShapeError)
  expect(() => klDivergence(zeros([3, 0]), zeros([3, 0]))).toThrow(ShapeError)
})
