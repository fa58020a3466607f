import { describe, expect, test } from 'vitest'
import { DisposedError, identity, realize, setBackend, tensor } from '../index.ts'
import { NaiveBackend } from '../naive-backend/naive-backend.testing.ts'
import { Storage } from './storage.ts'
import { Node } from './tensor.ts'

const spec = { shape: [2], dtype: 'float32' } as const
const leaf = () => new Node({ kind: 'data' }, [], spec)

describe('settle', () => {
  test('takes the value and keeps how it came about', () => {
    const backend = new NaiveBackend()
    const x = leaf()
    const y = new Node({ kind: 'placeholder' }, [x], spec)
    expect([x.lifetime.readers, y.isRealized]).toEqual([1, false])
    const storage = new Storage(backend, 8)
    y.settle(storage)
    expect([x.lifetime.readers, y.isRealized, y.storage]).toEqual([0, true, storage])
    expect([y.source.kind, y.inputs]).toEqual(['placeholder', [x]])
  })

  test('forgets how a version of a parameter came about', () => {
    const x = leaf()
    const y = new Node({ kind: 'placeholder' }, [x], spec)
    y.endsHistory = true
    y.settle(new Storage(new NaiveBackend(), 8))
    expect([y.source.kind, y.inputs]).toEqual(['data', []])
    expect(x.lifetime.readers).toBe(0)
  })

  test('counts a reader once, however often it is computed', () => {
    const x = leaf()
    const y = new Node({ kind: 'placeholder' }, [x, x], spec)
    const other = new Node({ kind: 'placeholder' }, [x], spec)
    for (let times = 0; times < 2; times++) {
      y.settle(new Storage(new NaiveBackend(), 8))
      y.storage = undefined
    }
    expect(x.lifetime.readers).toBe(1)
    other.settle(new Storage(new NaiveBackend(), 8))
    expect(x.lifetime.readers).toBe(0)
  })
})

describe('dispose', () => {
  test('frees the buffer at once', async () => {
    const backend = new NaiveBackend()
    await setBackend(backend)
    const x = tensor([1, 2])
    await x.data()
    expect(backend.live.size).toBe(1)
    x.dispose()
    expect(backend.live.size).toBe(0)
    x.dispose()
  })

  test('forgets what was not uploaded', () => {
    const x = tensor([1, 2])
    const { node } = x
    x.dispose()
    expect(node.hostData).toBeUndefined()
  })

  test('happens at the end of a using block', async () => {
    const backend = new NaiveBackend()
    await setBackend(backend)
    {
      using x = tensor([1, 2])
      using y = x.neg()
      expect(await y.array()).toEqual([-1, -2])
      expect(backend.live.size).toBe(2)
    }
    expect(backend.live.size).toBe(0)
  })

  test('leaves what something pending needs', async () => {
    await setBackend(new NaiveBackend())
    const x = tensor([1, 2])
    const y = x.neg()
    x.dispose()
    expect(await y.array()).toEqual([-1, -2])
  })

  test('leaves what a tensor needs that was computed on the way to another one, but not kept', async () => {
    await setBackend(new NaiveBackend())
    const x = tensor([1, 2])
    const between = x.add(1)
    const y = between.mul(2)
    expect(await y.array()).toEqual([4, 6])
    x.dispose()
    expect(await between.array()).toEqual([2, 3])
  })

  test('makes the handle unusable and says so', async () => {
    const x = tensor([[1, 2]])
    x.dispose()
    expect(() => x.neg()).toThrow(DisposedError)
    expect(() => x.neg()).toThrow(
      'neg: a tensor float32 [1, 2] that was disposed; wanted a live one.\n' +
        '  Hint: use it before dispose(), or return it from tidy()',
    )
    await expect(x.data()).rejects.toThrow(DisposedError)
    expect([x.shape, x.dtype, x.size]).toEqual([[1, 2], 'float32', 2])
  })

  test('of one of two tensors that were computed as one leaves the other', async () => {
    const backend = new NaiveBackend()
    await setBackend(backend)
    const x = tensor([1, 2])
    const [a, b] = [x.neg(), x.neg()]
    await realize(a, b)
    expect(backend.live.size).toBe(2)
    a.dispose()
    expect(await b.array()).toEqual([-1, -2])
    b.dispose()
    expect(backend.live.size).toBe(1)
  })

  test('of the source leaves a copy made by identity', async () => {
    await setBackend(new NaiveBackend())
    const x = tensor([1, 2])
    const copy = identity(x)
    await realize(x, copy)
    x.dispose()
    expect(await copy.array()).toEqual([1, 2])
  })
})
