import { beforeEach, describe, expect, test } from 'vitest'
import {
  compile,
  gradients,
  Parameter,
  realize,
  setBackend,
  type Tensor,
  tensor,
  withBackend,
} from '../index.ts'
import { NaiveBackend } from '../naive-backend/naive-backend.testing.ts'

let a: NaiveBackend
let b: NaiveBackend

beforeEach(async () => {
  a = new NaiveBackend('a')
  b = new NaiveBackend('b')
  await setBackend(a)
})

/** Lets what was started run as far as it can. */
const settled = () => new Promise((resolve) => setTimeout(resolve, 5))

describe('tensors', () => {
  test('move to the backend that uses them, and leave nothing behind', async () => {
    const given = tensor([1, 2])
    const x = given.neg()
    await x.data()
    expect(a.live.size).toBe(2)
    await setBackend(b)
    expect(await x.mul(2).array()).toEqual([-2, -4])
    expect(String(x)).toBe('Tensor float32 [2] on b')
    expect(a.live.size).toBe(1)
    expect(String(given)).toBe('Tensor float32 [2] on a')
  })

  test('move back and forth', async () => {
    const x = tensor([1, 2])
    for (const backend of [a, b, a, b]) {
      await setBackend(backend)
      using y = x.mul(2)
      expect(await y.array()).toEqual([2, 4])
    }
    expect([a.live.size, b.live.size]).toEqual([0, 1])
  })

  test('that are only read need not have been computed there', async () => {
    const x = tensor([1, 2]).neg()
    await x.data()
    await setBackend(b)
    expect(await x.array()).toEqual([-1, -2])
    await settled()
    expect(await x.array()).toEqual([-1, -2])
  })

  test('of several backends meet in one graph', async () => {
    const x = tensor([1, 2]).neg()
    const y = tensor([10, 20]).neg()
    await realize(x)
    await withBackend(b, () => realize(y))
    expect(await x.add(y).array()).toEqual([-11, -22])
    expect([String(x), String(y)].every((text) => text.endsWith('on a'))).toBe(true)
  })

  test('that share a value move each for itself', async () => {
    const x = tensor([1, 2])
    const [p, q] = [x.neg(), x.neg()]
    await realize(p, q)
    await setBackend(b)
    const reads = [p.mul(2), p.mul(3), p.abs()].map((y) => y.array())
    expect(await Promise.all(reads)).toEqual([
      [-2, -4],
      [-3, -6],
      [1, 2],
    ])
    expect(await q.array()).toEqual([-1, -2])
  })

  test('read several times at once while they move are not freed twice', async () => {
    const x = tensor([1, 2])
    const [p, q] = [x.neg(), x.neg()]
    await realize(p, q)
    await setBackend(b)
    const reads = await Promise.all([p.array(), p.array(), p.array()])
    await settled()
    expect(reads).toEqual([
      [-1, -2],
      [-1, -2],
      [-1, -2],
    ])
    await setBackend(a)
    expect([await q.array(), await p.array()]).toEqual([
      [-1, -2],
      [-1, -2],
    ])
  })

  test('whose backend fails to give them make the read fail, and nothing else', async () => {
    const x = tensor([1, 2]).neg()
    await realize(x)
    a.before = (operation) => {
      if (operation === 'read') throw new Error('lost')
    }
    await setBackend(b)
    await expect(x.mul(2).data()).rejects.toThrow('lost')
    await expect(x.data()).rejects.toThrow('lost')
    expect(await tensor([1]).neg().array()).toEqual([-1])
    a.before = () => {}
    expect(await x.mul(2).array()).toEqual([-2, -4])
  })
})

describe('parameters', () => {
  function training() {
    const p = new Parameter(tensor([1, 1]))
    const step = compile((x: Tensor) => {
      const loss = p.value.mul(x).square().sum()
      const [dp] = gradients(loss, [p])
      p.assign(p.value.sub(dp.mul(0.1)))
      return loss
    })
    return { p, step }
  }

  test('follow in the middle of a training, with the same results', async () => {
    const alone = training()
    for (let i = 0; i < 6; i++) alone.step(tensor([1, 0.5]))
    const moving = training()
    for (const backend of [a, a, b, b, a, b]) {
      await setBackend(backend)
      moving.step(tensor([1, 0.5]))
    }
    expect(await moving.p.value.array()).toEqual(await alone.p.value.array())
  })

  test('follow calls that wait for the move, in the order of the calls', async () => {
    const p = new Parameter(tensor([1]))
    const add = compile((x: Tensor) => p.assign(p.value.add(x)))
    const scale = compile((x: Tensor) => {
      p.assign(p.value.mul(x))
      return p.value
    })
    add(tensor([1]))
    await setBackend(b)
    // Nothing is awaited from here on: the first call waits for p, the others for the first.
    const results = [scale(10), scale(10)]
    add(tensor([3]))
    results.push(scale(2))
    expect(await Promise.all(results.map((value) => value.item()))).toEqual([20, 200, 406])
    expect(await p.value.item()).toBe(406)
  })

  test('may be assigned and read while a call waits', async () => {
    const p = new Parameter(tensor([1]))
    const double = compile(() => p.assign(p.value.mul(2)))
    double()
    await setBackend(b)
    double()
    const between = p.value
    p.assign(p.value.add(100))
    double()
    expect(await Promise.all([between.item(), p.value.item()])).toEqual([4, 208])
  })

  test('are what they were before the first call that failed while it waited', async () => {
    const p = new Parameter(tensor([1]))
    const double = compile(() => {
      p.assign(p.value.mul(2))
      return p.value
    })
    double()
    await realize(p.value)
    await setBackend(b)
    b.before = (operation) => {
      if (operation === 'run') throw new Error('no run')
    }
    const results = [double(), double()]
    for (const result of results) await expect(result.data()).rejects.toThrow('no run')
    b.before = () => {}
    expect(await p.value.array()).toEqual([2])
    expect(await double().array()).toEqual([4])
  })
})
