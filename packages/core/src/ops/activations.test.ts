import { beforeAll, describe, expect, test } from 'vitest'
import {
  ArgumentError,
  DTypeError,
  elu,
  gelu,
  glu,
  gradients,
  hardSigmoid,
  hardSwish,
  leakyRelu,
  logSigmoid,
  mish,
  relu6,
  ShapeError,
  selu,
  setBackend,
  silu,
  softplus,
  softsign,
  sparsemax,
  type Tensor,
  tensor,
} from '../index.ts'
import { NaiveBackend } from '../naive-backend/naive-backend.testing.ts'

beforeAll(() => setBackend(new NaiveBackend()))

const activations: Readonly<Record<string, (x: Tensor) => Tensor>> = {
  elu,
  gelu,
  geluTanh: (x) => gelu(x, { approximate: 'tanh' }),
  hardSigmoid,
  hardSwish,
  leakyRelu,
  logSigmoid,
  mish,
  relu6,
  selu,
  silu,
  softplus,
  softsign,
}

async function derivatives(f: (x: Tensor) => Tensor, values: readonly number[]) {
  const x = tensor(values)
  const y = f(x)
  const slope = gradients(y.sum(), x)
  const second = gradients(slope.sum(), x)
  return Promise.all([y, slope, second].map((result) => result.data()))
}

describe.each(Object.entries(activations))('%s', (_, f) => {
  test('and its first and second derivative are finite everywhere', async () => {
    const extremes = [-1e38, -1e30, -1e10, -1000, -90, -1e-30, 0, 1e-30, 90, 1000, 1e10, 1e38]
    for (const values of await derivatives(f, extremes)) {
      expect([...values].every(Number.isFinite), `${values}`).toBe(true)
    }
  })

  test('takes NaN to NaN', async () => {
    expect(await f(tensor([Number.NaN])).item()).toBe(Number.NaN)
  })
})

test('integers are refused, but for relu6, which needs no fraction', async () => {
  const x = tensor([-1, 3, 8], { dtype: 'int32' })
  for (const [name, f] of Object.entries(activations)) {
    if (f === relu6) continue
    const op = name === 'geluTanh' ? 'gelu' : name
    expect(() => f(x as never)).toThrow(DTypeError)
    expect(() => f(x as never)).toThrow(`${op}: x is int32; wanted`)
  }
  expect(await relu6(x).array()).toEqual([0, 3, 6])
})

test('gradients at kinks are those that the docs name', async () => {
  const at = async (f: (x: Tensor) => Tensor, x: number) => (await derivatives(f, [x]))[1]?.[0]
  expect(await at(relu6, 0)).toBe(0)
  expect(await at(relu6, 6)).toBe(0)
  expect(await at(hardSigmoid, 3)).toBe(0)
  expect(await at((x) => leakyRelu(x, { alpha: 0.25 }), 0)).toBe(0.25)
  expect(await at((x) => elu(x, { alpha: 0.5 }), 0)).toBe(0.5)
  expect(await at(softplus, 0)).toBe(0.5)
  expect(await at(logSigmoid, 0)).toBe(0.5)
  expect(await at(softsign, 0)).toBe(1)
})

test('gelu keeps its digits where it is tiny', async () => {
  const [y] = await derivatives(gelu, [-8])
  expect((y?.[0] ?? 0) / -4.976768e-15).toBeCloseTo(1, 4)
})

test('gelu knows two ways', () => {
  const gelu2 = () => gelu(tensor([1]), { approximate: 'erf' as 'none' })
  expect(gelu2).toThrow(ArgumentError)
  expect(gelu2).toThrow("gelu: approximate 'erf'; wanted 'none' or 'tanh'.")
})

describe('glu', () => {
  test('gates one half of an axis with the other', async () => {
    const y = glu(
      tensor([
        [1, 2],
        [3, 4],
        [0, 0],
        [50, -50],
      ]),
      0,
    )
    expect(y.shape).toEqual([2, 2])
    const [first = [], second = []] = (await y.array()) as number[][]
    expect(first).toEqual([0.5, 1])
    expect(second[0]).toBeCloseTo(3)
    expect(second[1]).toBeCloseTo(0)
  })

  test('refuses integers and odd sizes', () => {
    expect(() => glu(tensor([1, 2], { dtype: 'int32' }) as never)).toThrow(DTypeError)
    expect(() => glu(tensor([1, 2, 3]))).toThrow(ShapeError)
  })
})

describe('sparsemax', () => {
  test('is the closest point of the simplex', async () => {
    const values = [0.1, 1.3, -0.7, 1.1, 0.9]
    const y = await sparsemax(tensor(values)).data()
    expect(y.reduce((sum, value) => sum + value, 0)).toBeCloseTo(1)
    // What is left in has lost the same; what is out would have become negative.
    const threshold = (values[1] ?? 0) - (y[1] ?? 0)
    values.forEach((value, i) => {
      expect(y[i]).toBeCloseTo(Math.max(value - threshold, 0))
    })
  })

  test('takes any axis, and large values', async () => {
    const rows = await sparsemax(
      tensor([
        [1e30, 0],
        [0, 0],
      ]),
      0,
    ).array()
    expect(rows).toEqual([
      [1, 0.5],
      [0, 0.5],
    ])
  })

  test('has the gradient dy less its mean over what is left in', async () => {
    const x = tensor([0.1, 1.3, -0.7, 1.1, 0.9])
    const dy = [1, 2, 3, 4, 6]
    const dx = await gradients(sparsemax(x).mul(tensor(dy)).sum(), x).data()
    expect([...dx].map((value) => Math.round(value * 1e5) / 1e5)).toEqual([0, -2, 0, 0, 2])
  })
})
