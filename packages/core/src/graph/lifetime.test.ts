import { beforeEach, describe, expect, test } from 'vitest'
import {
  compile,
  gradients,
  Parameter,
  realize,
  setBackend,
  type Tensor,
  tensor,
  tidy,
} from '../index.ts'
import { NaiveBackend } from '../naive-backend/naive-backend.testing.ts'
import { collectGarbage } from './collect-garbage.testing.ts'
import { Tensor as Handle, Node, releaseTensor } from './tensor.ts'

let backend: NaiveBackend

beforeEach(async () => {
  backend = new NaiveBackend()
  await setBackend(backend)
})

const op = {
  name: 'test',
  infer: () => spec,
  lower: () => {
    throw new Error('not lowered')
  },
}
const spec = { shape: [2], dtype: 'float32' } as const
const opNode = (...inputs: Node[]) =>
  new Node({ kind: 'op', op, attributes: {}, names: inputs.map((_, i) => `${i}`) }, inputs, spec)

describe('a node asks for its inputs', () => {
  test('from when it is made until nobody asks for it', () => {
    const x = new Node({ kind: 'data' }, [], spec)
    const y = opNode(x, x)
    const z = opNode(y)
    const handle = new Handle(z)
    expect([x, y, z].map((node) => node.lifetime.readers)).toEqual([2, 1, 0])
    handle.dispose()
    expect([x, y, z].map((node) => node.lifetime.readers)).toEqual([0, 0, 0])
  })

  test('again when somebody asks for it once more', () => {
    const x = new Node({ kind: 'data' }, [], spec)
    const y = opNode(x)
    new Handle(y).dispose()
    expect(x.lifetime.readers).toBe(0)
    const z = opNode(y)
    expect([x.lifetime.readers, y.lifetime.readers]).toEqual([1, 1])
    new Handle(z).dispose()
    expect(x.lifetime.readers).toBe(0)
    const late = new Handle(y)
    y.lifetime.addReader()
    expect(x.lifetime.readers).toBe(1)
    late.dispose()
    y.lifetime.removeReader()
    expect(x.lifetime.readers).toBe(0)
  })

  test('however many lie one behind the other', () => {
    const x = new Node({ kind: 'data' }, [], spec)
    let y = x
    for (let i = 0; i < 50_000; i++) y = opNode(y)
    new Handle(y).dispose()
    expect(x.lifetime.readers).toBe(0)
  })
})

describe('a tensor that is disposed of', () => {
  test('leaves others of the same value', async () => {
    const p = new Parameter(tensor([1, 2]))
    const [a, b] = [p.value, p.value]
    await realize(a)
    a.dispose()
    b.dispose()
    expect(await p.value.array()).toEqual([1, 2])
  })

  test('is freed as soon as what was pending has been computed', async () => {
    const x = tensor([1, 2])
    const y = x.neg()
    x.dispose()
    expect(await y.array()).toEqual([-1, -2])
    expect(backend.live.size).toBe(1)
  })

  test('is read if it was asked for before', async () => {
    const x = tensor([1, 2]).neg()
    const values = x.data()
    x.dispose()
    expect([...(await values)]).toEqual([-1, -2])
    expect(backend.live.size).toBeLessThanOrEqual(1)
  })

  test('is there for a compiled call that waits for its turn', async () => {
    const elsewhere = new NaiveBackend('elsewhere')
    const moving = tensor([5])
    await realize(moving)
    await setBackend(elsewhere)
    const add = compile((a: Tensor, b: Tensor) => a.add(b))
    const b = tensor([1])
    const sum = add(moving, b)
    b.dispose()
    const unread = add(moving, moving)
    unread.dispose()
    expect(await sum.array()).toEqual([6])
    // `moving` and the sum; the result that was given up before it was computed is gone.
    expect(elsewhere.live.size).toBe(2)
  })

  test('is computed again where gradients need it', async () => {
    const w = tensor([1, 2])
    const h = w.exp()
    const y = h.mul(h).sum()
    await realize(h, y)
    h.dispose()
    const [dw] = gradients(y, [w])
    const [first = 0] = await dw.data()
    expect(first).toBeCloseTo(2 * Math.E ** 2, 4)
  })

  test('and was given, is missed by gradients that need it', async () => {
    const [w, x] = [tensor([1, 2]), tensor([3, 4])]
    const y = tidy(() => w.mul(x).sum())
    await y.data()
    x.dispose()
    const [dw] = gradients(y, [w])
    await expect(dw.data()).rejects.toThrow('read: a tensor float32 [2] whose value was disposed')
    expect(await w.neg().array()).toEqual([-1, -2])
  })

  test('does not wait for what a gradient rule has looked at', async () => {
    const x = tensor([1, 2])
    const y = x.square().sum()
    const [dx] = gradients(y, [x])
    await realize(y, dx)
    x.dispose()
    await collectGarbage(() => backend.live.size === 2)
    expect(backend.live.size).toBe(2)
  })

  test('is freed although an expression of it was computed inside of another', async () => {
    const x = tensor([1, 2])
    const y = x.mul(0.5).add(1)
    x.dispose()
    expect(await y.array()).toEqual([1.5, 2])
    await collectGarbage(() => backend.live.size === 1)
    expect(backend.live.size).toBe(1)
    expect(await y.array()).toEqual([1.5, 2])
  })

  test('is freed at once where that expression belonged to a scope', async () => {
    const x = tensor([1, 2])
    const y = tidy(() => x.mul(0.5).add(1))
    x.dispose()
    expect(await y.array()).toEqual([1.5, 2])
    expect(backend.live.size).toBe(1)
  })
})

test('what was never a tensor of the program ends without being disposed of', async () => {
  const x = tensor([1, 2])
  const { node } = x
  const inner = new Handle(node)
  releaseTensor(inner)
  expect(() => inner.node).toThrow('disposed')
  releaseTensor(x)
  const later = new Handle<'float32'>(node)
  expect(await later.array()).toEqual([1, 2])
})
