import { beforeAll, describe, expect, test } from 'vitest'
import {
  ArgumentError,
  DTypeError,
  gradients,
  oneHot,
  ShapeError,
  setBackend,
  sigmoidCrossEntropy,
  softmaxCrossEntropy,
  sparseSoftmaxCrossEntropy,
  tensor,
  zeros,
} from '../index.ts'
import { NaiveBackend } from '../naive-backend/naive-backend.testing.ts'

beforeAll(() => setBackend(new NaiveBackend()))

const minusInfinity = Number.NEGATIVE_INFINITY
const logits = tensor([
  [2, 1, -0.5],
  [0, 3, 1],
])
const labels = tensor([2, 1], { dtype: 'int32' })

describe('of class numbers', () => {
  test.each([0, 0.1, 1])('it is that of one-hot labels, with label smoothing %d', async (part) => {
    const options = { reduction: 'none', labelSmoothing: part } as const
    const sparse = sparseSoftmaxCrossEntropy(logits, labels, options)
    const dense = softmaxCrossEntropy(logits, oneHot(labels, 3), options)
    const wanted = await dense.data()
    const got = await sparse.data()
    got.forEach((value, i) => {
      expect(value).toBeCloseTo(wanted[i] ?? 0, 5)
    })
  })

  test.each([0, 0.1])('a computed label without a class gives NaN, smoothing %d', async (part) => {
    const options = { reduction: 'none', labelSmoothing: part } as const
    const known = await sparseSoftmaxCrossEntropy(logits, labels, options).data()
    for (const wrong of [-1, 3]) {
      const some = tensor([wrong - 1, 0], { dtype: 'int32' }).add(1)
      const losses = sparseSoftmaxCrossEntropy(logits, some, options)
      expect([...(await losses.data())]).toEqual([Number.NaN, known[1]])
      expect(await losses.mean().item()).toBeNaN()
    }
  })

  test('only int32 of the right shape will do', () => {
    const floats = tensor([0, 1]) as never
    expect(() => sparseSoftmaxCrossEntropy(logits, floats)).toThrow(DTypeError)
    expect(() => sparseSoftmaxCrossEntropy(logits, labels.reshape([2, 1]))).toThrow(ShapeError)
    expect(() => sparseSoftmaxCrossEntropy(zeros([2, 0]), labels)).toThrow(ShapeError)
  })
})

describe('classes that are masked by −∞', () => {
  const masked = tensor([[1, minusInfinity, 2]])

  test('have no influence on the loss of other classes', async () => {
    const sparse = sparseSoftmaxCrossEntropy(masked, tensor([2], { dtype: 'int32' }))
    const dense = softmaxCrossEntropy(masked, tensor([[0, 0, 1]]))
    const wanted = Math.log1p(Math.exp(-1))
    for (const loss of [sparse, dense]) {
      expect(await loss.item()).toBeCloseTo(wanted, 6)
      const [first = 0, second = 0, third = 0] = await gradients(loss, masked).data()
      expect(second).toBe(0)
      expect(first).toBeCloseTo(1 - Math.exp(-wanted), 6)
      expect(third).toBeCloseTo(Math.exp(-wanted) - 1, 6)
    }
  })
})

test('extreme logits give finite losses and gradients', async () => {
  const extreme = tensor([
    [3e38, -3e38, 0],
    [1e5, 1e5, 1e5],
  ])
  const yes = tensor([
    [0, 1, 0],
    [1, 0, 1],
  ])
  for (const loss of [
    softmaxCrossEntropy(extreme.mul(0.3), yes, { reduction: 'sum' }),
    sigmoidCrossEntropy(extreme.mul(0.3), yes, { reduction: 'sum' }),
  ]) {
    expect(Number.isFinite(await loss.item())).toBe(true)
    expect([...(await gradients(loss, extreme).data())].every(Number.isFinite)).toBe(true)
  }
})

test('the slope of the sigmoid cross entropy at 0 is ½ − label', async () => {
  const x = tensor([0, 0, 0])
  const loss = sigmoidCrossEntropy(x, tensor([0, 1, 0.25]), { reduction: 'sum' })
  expect(await gradients(loss, x).array()).toEqual([0.5, -0.5, 0.25])
})

test('labels are not differentiated', async () => {
  const given = oneHot(labels, 3)
  expect(await gradients(softmaxCrossEntropy(logits, given), given).data()).toEqual(
    new Float32Array(6),
  )
  expect(await gradients(sigmoidCrossEntropy(logits, given), given).data()).toEqual(
    new Float32Array(6),
  )
})

test('options are checked', () => {
  const smoothing = { labelSmoothing: 1.5 }
  expect(() => softmaxCrossEntropy(logits, logits, smoothing)).toThrow(ArgumentError)
  expect(() => sparseSoftmaxCrossEntropy(logits, labels, smoothing)).toThrow(
    'sparseSoftmaxCrossEntropy: labelSmoothing 1.5; wanted from 0 to 1.',
  )
  expect(() => softmaxCrossEntropy(logits, logits, { reduction: 'max' as 'sum' })).toThrow(
    "softmaxCrossEntropy: reduction 'max'; wanted 'mean', 'sum' or 'none'.",
  )
})
