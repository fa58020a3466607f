import { beforeEach, describe, expect, test } from 'vitest'
import {
  compile,
  customGradient,
  GradientError,
  grad,
  gradients,
  key,
  Parameter,
  type Plan,
  randomNormal,
  randomUniform,
  recompute,
  setBackend,
  stopGradient,
  type Tensor,
  tensor,
} from '../index.ts'
import { NaiveBackend } from '../naive-backend/naive-backend.testing.ts'

let backend: NaiveBackend

beforeEach(async () => {
  backend = new NaiveBackend()
  await setBackend(backend)
})

const depth = 12
const units = 8
const batch = 64

/** A multilayer perceptron of blocks of two layers each, and a step of gradient descent on it. */
async function train(wrap: <A extends readonly unknown[], R>(fn: (...args: A) => R) => typeof fn) {
  const weights = Array.from(
    { length: depth },
    (_, i) => new Parameter(randomNormal(key(i), [units, units])),
  )
  const layer = (x: Tensor, w: Parameter) => x.matmul(w.value).mul(0.3).tanh()
  const block = wrap((x: Tensor, ws: readonly Parameter[]) => ws.reduce(layer, x))
  const step = compile((x: Tensor) => {
    let y = x
    for (let i = 0; i < depth; i += 3) y = block(y, weights.slice(i, i + 3))
    const loss = y.square().mean()
    const slopes = gradients(loss, weights)
    weights.forEach((w, i) => {
      const dw = slopes[i]
      if (dw !== undefined) w.assign(w.value.sub(dw.mul(0.5)))
    })
    return loss
  })
  const x = randomUniform(key(99), [batch, units])
  const losses = [step(x), step(x), step(x)]
  const values = [...losses, ...weights.map((w) => w.value)]
  const data = await Promise.all(values.map((value) => value.data()))
  return { data, plan: largest(backend.compiled) }
}

const largest = (plans: readonly Plan[]) =>
  [...plans].sort((a, b) => b.kernels.length - a.kernels.length)[0]

describe('recompute', () => {
  test('makes the arena of a deep step smaller, and results are the same bit for bit', async () => {
    const kept = await train((fn) => fn)
    backend.compiled.length = 0
    const again = await train(recompute)
    expect(again.data).toEqual(kept.data)
    const [before, after] = [kept.plan?.arenaByteLength ?? 0, again.plan?.arenaByteLength ?? 0]
    // 11 inner activations; or 3 results of blocks, 2 values inside of one, and a gradient.
    const activation = batch * units * 4
    expect(before).toBeGreaterThanOrEqual(11 * activation)
    expect(after).toBeLessThanOrEqual(8 * activation)
    expect(again.plan?.kernels.length).toBeGreaterThan(kept.plan?.kernels.length ?? 0)
  })

  test('has the gradients of the function by arguments and by what it uses', async () => {
    const [x, w] = [tensor([[1, 2]]), tensor([[0.5], [0.25]])]
    const p = new Parameter(tensor([3]))
    const f = (x: Tensor) => x.matmul(w).tanh().mul(p.value).add(x.sum())
    const values = async (f: (x: Tensor) => Tensor) => {
      const slopes = gradients(f(x).sum(), { x, w, p })
      return [await slopes.x.array(), await slopes.w.array(), await slopes.p.array()]
    }
    expect(await values(recompute(f))).toEqual(await values(f))
  })

  test('has gradients of higher order', async () => {
    const f = recompute((x: Tensor) => x.square().mul(x).sum())
    const curvature = grad((x: Tensor) => grad(f)(x).sum())
    expect(await curvature(tensor([2, 3])).array()).toEqual([12, 18])
    const third = compile((x: Tensor) => grad((x: Tensor) => curvature(x).sum())(x))
    expect(await third(tensor([2, 3])).array()).toEqual([6, 6])
  })

  test('may be nested, and hold functions with gradients of their own', async () => {
    const tripled = customGradient((x: Tensor) => ({
      value: x.tanh(),
      gradient: (dy) => [dy.mul(3)],
    }))
    const inner = (x: Tensor) => tripled(x.exp())
    const f = recompute((x: Tensor) => recompute(inner)(x.mul(2)).add(x))
    const x = tensor([0.1, 0.2])
    const [dx] = gradients(f(x).sum(), [x])
    const expected = [0.1, 0.2].map((v) => Math.fround(3 * 2 * Math.exp(2 * v) + 1))
    ;[...(await dx.data())].forEach((value, i) => {
      expect(value).toBeCloseTo(expected[i] ?? 0, 5)
    })
  })

  test('gives trees, whose common part is computed once more but once', async () => {
    const [x, w] = [
      tensor([[1, 2]]),
      tensor([
        [0.5, 1],
        [0.25, 2],
      ]),
    ]
    const cell = (x: Tensor, w: Tensor) => {
      const h = x.matmul(w).tanh()
      return { h, more: [h.matmul(w).exp(), 'text', x] as const }
    }
    const slopes = async (f: typeof cell) => {
      const { h, more } = f(x, w)
      expect(more.slice(1)).toEqual(['text', x])
      const step = compile((x: Tensor, w: Tensor) => {
        const { h, more } = f(x, w)
        return gradients(h.sum().add(more[0].sum()), [x, w])
      })
      const data = await Promise.all(step(x, w).map((slope) => slope.data()))
      const labels = backend.compiled.at(-1)?.kernels.map(({ label }) => label) ?? []
      expect([...(await h.data())]).toEqual([...(await cell(x, w).h.data())])
      return { data, products: labels.filter((label) => label.includes('tanh')).length }
    }
    const [kept, again] = [await slopes(cell), await slopes(recompute(cell))]
    kept.data.forEach((slope, i) => {
      slope.forEach((value, k) => {
        expect(again.data[i]?.[k]).toBeCloseTo(value, 5)
      })
    })
    expect([kept.products, again.products]).toEqual([1, 1])
  })

  test('gives back what it was given, and runs equal calls as one plan', async () => {
    const x = tensor([1])
    expect(recompute((x: Tensor) => x)(x)).toBe(x)
    const f = recompute((x: Tensor) => x.exp().tanh().sum())
    for (const value of [1, 2, 3]) await grad(f)(tensor([value])).data()
    expect(backend.compiled).toHaveLength(1)
  })

  test('uses what was read in the meantime', async () => {
    const x = tensor([2])
    let inner: Tensor | undefined
    const f = recompute((x: Tensor) => {
      inner = x.square()
      return inner.mul(inner)
    })
    const y = f(x).sum()
    await inner?.data()
    await y.item()
    expect(await gradients(y, [x])[0]?.array()).toEqual([32])
  })

  test('reaches parameters that are made on the way', async () => {
    let p: Parameter | undefined
    const f = recompute((x: Tensor) => {
      p ??= new Parameter(tensor([5, 5]))
      return x.mul(p.value)
    })
    const y = f(tensor([1, 2])).sum()
    expect(await gradients(y, [p])[0]?.array()).toEqual([1, 2])
  })

  test('refuses a gradient by what was computed inside', () => {
    let inner: Tensor | undefined
    const f = recompute((x: Tensor) => {
      inner = x.square()
      return inner.mul(3)
    })
    const x = tensor([2])
    const y = f(x).sum()
    expect(gradients(y, [x])).toHaveLength(1)
    expect(() => gradients(y, [x, inner])).toThrow(GradientError)
    expect(() => gradients(y, [inner])).toThrow(
      'recompute: a gradient by a tensor [1] that was made inside of the function',
    )
  })

  test('finds the same dead ends as the function', async () => {
    const x = tensor([1, 2])
    const truncated = recompute((x: Tensor) => x.cast('int32').cast('float32'))
    expect(() => gradients(truncated(x).sum(), [x])).toThrow('only through int32 values')
    expect(() => gradients(recompute(truncated)(x).sum(), [x])).toThrow('only through int32 values')
    expect(await gradients(truncated(x).add(x).sum(), [x])[0]?.array()).toEqual([1, 1])
    const stopped = recompute((x: Tensor) => stopGradient(x).cast('int32').cast('float32'))
    expect(await gradients(stopped(x).sum(), [x])[0]?.array()).toEqual([0, 0])
  })

  test('takes a function with a gradient of its own that uses a constant', async () => {
    const [x, w] = [tensor([1, 2]), tensor([3, 4])]
    const scaled = customGradient((x: Tensor) => ({ value: x.mul(w), gradient: (dy) => [dy] }))
    const f = recompute((x: Tensor) => scaled(x.mul(2)))
    expect(await gradients(f(x).sum(), [x])[0]?.array()).toEqual([2, 2])
    expect(() => gradients(f(x).sum(), [w])).toThrow(GradientError)
  })
})
