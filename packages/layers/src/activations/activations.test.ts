import { cpu } from '@tensorweft/backend-cpu'
import { ArgumentError, gradients, setBackend, tensor } from '@tensorweft/core'
import { beforeAll, describe, expect, test } from 'vitest'
import { type ActivationName, activation, dense, leakyRelu } from '../index.ts'

beforeAll(async () => {
  await setBackend(cpu())
})

const sigmoid = (x: number) => 1 / (1 + Math.exp(-x))
const relu6 = (x: number) => Math.min(Math.max(x, 0), 6)
const clip = (x: number, most: number) => Math.min(Math.max(x, -most), most)
const elu = (x: number) => (x > 0 ? x : Math.exp(x) - 1)

/** Φ(x) by Simpson's rule. */
function normalShare(x: number): number {
  const steps = 400
  const density = (t: number) => Math.exp((-t * t) / 2) / Math.sqrt(2 * Math.PI)
  let sum = density(0) + density(x)
  for (let i = 1; i < steps; i++) sum += (i % 2 === 0 ? 2 : 4) * density((x * i) / steps)
  return 0.5 + (sum * x) / steps / 3
}

/** Keras' definitions of what works on single elements. */
const definitions: Record<
  Exclude<ActivationName, 'softmax' | 'logSoftmax' | 'sparsemax'>,
  (x: number) => number
> = {
  linear: (x) => x,
  relu: (x) => Math.max(x, 0),
  leakyRelu: (x) => (x > 0 ? x : 0.2 * x),
  relu6,
  elu,
  celu: elu,
  selu: (x) => 1.0507009873554805 * (x > 0 ? x : 1.6732632423543772 * (Math.exp(x) - 1)),
  gelu: (x) => x * normalShare(x),
  silu: (x) => x * sigmoid(x),
  swish: (x) => x * sigmoid(x),
  mish: (x) => x * Math.tanh(Math.log1p(Math.exp(x))),
  exponential: Math.exp,
  sigmoid,
  hardSigmoid: (x) => relu6(x + 3) / 6,
  sparseSigmoid: (x) => Math.min(Math.max((x + 1) / 2, 0), 1),
  logSigmoid: (x) => -Math.log1p(Math.exp(-x)),
  hardSilu: (x) => (x * relu6(x + 3)) / 6,
  hardSwish: (x) => (x * relu6(x + 3)) / 6,
  tanh: Math.tanh,
  hardTanh: (x) => clip(x, 1),
  tanhShrink: (x) => x - Math.tanh(x),
  softShrink: (x) => x - clip(x, 0.5),
  hardShrink: (x) => (Math.abs(x) > 0.5 ? x : 0),
  softplus: (x) => Math.log1p(Math.exp(x)),
  sparsePlus: (x) => (x <= -1 ? 0 : x >= 1 ? x : (x + 1) ** 2 / 4),
  squareplus: (x) => (x + Math.sqrt(x * x + 4)) / 2,
  softsign: (x) => x / (1 + Math.abs(x)),
}

const inputs = [-7, -2.5, -0.8, -0.3, 0.1, 0.4, 0.7, 1.9, 4, 9]

describe('the activation', () => {
  test.each(Object.entries(definitions))('%s is as Keras defines it', async (name, wanted) => {
    const x = tensor([inputs])
    const y = activation(name as ActivationName).apply(x)
    const [dx] = gradients(y.sum(), [x])
    const [values, slopes = []] = [await y.data(), await dx?.data()]
    inputs.forEach((input, i) => {
      const h = 1e-5
      const slope = (wanted(input + h) - wanted(input - h)) / (2 * h)
      const error = Math.abs((values[i] ?? Number.NaN) - wanted(input))
      expect(error).toBeLessThanOrEqual(1e-5 * Math.abs(wanted(input)) + 1e-12)
      expect(slopes[i]).toBeCloseTo(slope, 3)
    })
  })

  test('squareplus and sparsePlus stay finite and exact far from 0', async () => {
    const x = tensor([-1e6, -3000, 3000, 1e6])
    const y = activation('squareplus').apply(x)
    const [dx] = gradients(y.sum(), [x])
    const wanted = [1e-6, 1 / 3000, 3000, 1e6]
    ;[...(await y.data())].forEach((value, i) => {
      expect(value / (wanted[i] ?? 1)).toBeCloseTo(1, 5)
    })
    expect([...((await dx?.data()) ?? [])].every(Number.isFinite)).toBe(true)
    expect(
      await activation('sparsePlus')
        .apply(tensor([-1e30, 1e30]))
        .data(),
    ).toEqual(new Float32Array([0, 1e30]))
  })

  test('logSoftmax is along the last axis', async () => {
    const [first = [], second = []] = (await activation('logSoftmax')
      .apply(
        tensor([
          [1, 1],
          [0, Math.log(3)],
        ]),
      )
      .array()) as number[][]
    ;[...first, ...second].forEach((value, i) => {
      expect(value).toBeCloseTo(Math.log([0.5, 0.5, 0.25, 0.75][i] ?? 0), 6)
    })
  })

  test('sparsemax is along the last axis', async () => {
    const y = activation('sparsemax').apply(
      tensor([
        [0.5, 1, -3],
        [0, 0, -9],
      ]),
    )
    expect(await y.array()).toEqual([
      [0.25, 0.75, 0],
      [0.5, 0.5, 0],
    ])
  })

  test('may be named in the options of a layer; other names are refused', () => {
    expect(dense({ units: 1, activation: 'hardSilu' }).config.activation).toBe('hardSilu')
    const wrong: object = { name: 'hard_silu' }
    expect(() => activation((wrong as { name: ActivationName }).name)).toThrow(ArgumentError)
  })
})

describe('leakyRelu', () => {
  test('has a slope of 0.3 left of 0 unless told otherwise', async () => {
    const x = tensor([[-10, 10]])
    expect(await leakyRelu().apply(x).array()).toEqual([[-3, 10]])
    expect(await leakyRelu({ negativeSlope: 0 }).apply(x).sum().item()).toBe(10)
    expect(leakyRelu().build([4, 2])).toEqual([4, 2])
    expect(leakyRelu({ negativeSlope: 0.1 }).config).toEqual({
      type: 'leakyRelu',
      negativeSlope: 0.1,
    })
  })

  test('refuses a slope that is negative or no number', () => {
    expect(() => leakyRelu({ negativeSlope: -1 })).toThrow(ArgumentError)
    expect(() => leakyRelu({ negativeSlope: Number.NaN })).toThrow(ArgumentError)
  })
})
