import { cpu } from '@tensorweft/backend-cpu'
import {
  ArgumentError,
  compile,
  gradients,
  type Key,
  key,
  LayerError,
  ones,
  Parameter,
  ShapeError,
  setBackend,
  splitKey,
  type Tensor,
  tensor,
  zeros,
} from '@tensorweft/core'
import { beforeAll, describe, expect, test } from 'vitest'
import { activation, dropout, sequential } from './index.ts'

beforeAll(async () => {
  await setBackend(cpu())
})

const training = (seed: number) => ({ training: true, key: key(seed) })

describe('dropout', () => {
  test('changes nothing unless it trains', async () => {
    const x = tensor([[1, 2, 3]])
    expect(dropout({ rate: 0.5 }).apply(x)).toBe(x)
    expect(dropout({ rate: 0.5 }).apply(x, { key: key(1) })).toBe(x)
    expect(dropout({ rate: 0 }).apply(x, { training: true })).toBe(x)
    expect(dropout({ rate: 0.5 }).build([4, 3])).toEqual([4, 3])
  })

  test.each([0.1, 0.5, 0.8])('drops a share of %d and keeps the mean', async (rate) => {
    const count = 20000
    const y = await dropout({ rate })
      .apply(ones([count]), training(3))
      .data()
    const kept = Math.fround(1 / (1 - rate))
    expect(new Set(y)).toEqual(new Set([0, kept]))
    const share = y.filter((value) => value === 0).length / count
    // Five standard errors.
    expect(Math.abs(share - rate)).toBeLessThan(5 * Math.sqrt((rate * (1 - rate)) / count))
  })

  test('lets gradients through where it lets values through', async () => {
    const x = tensor([1, 2, 3, 4, 5, 6, 7, 8])
    const y = dropout({ rate: 0.5 }).apply(x, training(1))
    const [dx] = gradients(y.sum(), [x])
    const values = await y.data()
    expect([...((await dx?.data()) ?? [])]).toEqual([...values].map((value) => (value > 0 ? 2 : 0)))
    expect(values).toContain(0)
  })

  test('follows its key alone', async () => {
    const draw = (seed: number) =>
      dropout({ rate: 0.5 })
        .apply(ones([64]), training(seed))
        .array()
    expect(await draw(1)).toEqual(await draw(1))
    expect(await draw(1)).not.toEqual(await draw(2))
  })

  test('differs from layer to layer of a model', async () => {
    const seen: Tensor[] = []
    const watch = () =>
      activation((x) => {
        seen.push(x)
        return ones(x.shape)
      })
    const [a, b] = [dropout({ rate: 0.5 }), dropout({ rate: 0.5 })]
    const inner = sequential(dropout({ rate: 0.5 }), watch())
    sequential(a, watch(), b, watch(), inner).apply(ones([64]), training(1))
    const masks = await Promise.all(seen.map(async (mask) => String(await mask.array())))
    expect(new Set(masks).size).toBe(3)
  })

  test('differs from step to step of a compiled function that carries its key', async () => {
    const state = new Parameter<'int32'>(key(5), { trainable: false })
    const model = sequential(dropout({ rate: 0.5 }))
    const next = (): Key => {
      const [own = state.value, rest = state.value] = splitKey(state.value, 2)
      state.assign(rest)
      return own
    }
    const step = compile((x: Tensor) => model.apply(x, { training: true, key: next() }))
    const masks = new Set<string>()
    for (let i = 0; i < 4; i++) masks.add(String(await step(ones([64])).array()))
    expect(masks.size).toBe(4)
  })

  test('drops whole axes with a noiseShape', async () => {
    const layer = dropout({ rate: 0.5, noiseShape: [null, 1, null] })
    const y = layer.apply(ones([4, 3, 8]), training(2))
    const [rows, first] = [await y.data(), await y.slice([0, 0, 0], [4, 1, 8]).data()]
    expect(new Set(first)).toEqual(new Set([0, 2]))
    rows.forEach((value, i) => {
      expect(value).toBe(first[8 * Math.floor(i / 24) + (i % 8)])
    })
    const wrong = dropout({ rate: 0.5, noiseShape: [2, 1] })
    expect(() => wrong.apply(zeros([4, 3, 8]), training(1))).toThrow(ShapeError)
  })

  test('refuses a rate out of range, and to train without a key', () => {
    for (const rate of [-0.1, 1, Number.NaN]) {
      expect(() => dropout({ rate })).toThrow(ArgumentError)
    }
    const apply = () => dropout({ rate: 0.5 }).apply(zeros([3]), { training: true })
    expect(apply).toThrow(LayerError)
    expect(apply).toThrow(/dropout: training without a key[\s\S]*training: true, key/)
    expect(dropout({ rate: 0.5 }).config).toEqual({ type: 'dropout', rate: 0.5 })
  })
})
