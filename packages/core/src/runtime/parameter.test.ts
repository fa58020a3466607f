import { beforeEach, describe, expect, test } from 'vitest'
import {
  DTypeError,
  Parameter,
  ShapeError,
  setBackend,
  type Tensor,
  tensor,
  zeros,
} from '../index.ts'
import { NaiveBackend } from '../naive-backend/naive-backend.testing.ts'
import { wrong } from '../wrong.testing.ts'

beforeEach(() => setBackend(new NaiveBackend()))

describe('a parameter', () => {
  test('has the shape and the dtype of its first value, a name, and is trained', () => {
    const p = new Parameter(zeros([2, 3], 'int32'), { name: 'kernel', trainable: false })
    expect([p.shape, p.dtype, p.name, p.trainable]).toEqual([[2, 3], 'int32', 'kernel', false])
    const q = new Parameter(zeros([]))
    expect([q.name, q.trainable]).toEqual(['parameter', true])
  })

  test('is a value of its own: what it was made of may be disposed', async () => {
    const x = tensor([1, 2])
    const [p, q] = [new Parameter(x), new Parameter(x)]
    await p.value.data()
    x.dispose()
    p.assign(p.value.mul(2))
    expect([await p.value.array(), await q.value.array()]).toEqual([
      [2, 4],
      [1, 2],
    ])
  })

  test('takes new values; those that were read before stay', async () => {
    const p = new Parameter(tensor([1]))
    const before = p.value
    p.assign(before.add(1))
    p.assign(p.value.add(10))
    expect([await before.item(), await p.value.item()]).toEqual([1, 12])
  })

  test('keeps its value when a tensor of it is disposed', async () => {
    const p = new Parameter(tensor([1, 2]))
    const value = p.value
    await value.data()
    value.dispose()
    expect(await p.value.array()).toEqual([1, 2])
  })

  test('refuses values of another shape or dtype and keeps its own', async () => {
    const p = new Parameter(tensor([1, 2]), { name: 'bias' })
    expect(() => p.assign(tensor([[1, 2]]))).toThrow(ShapeError)
    expect(() => p.assign(tensor([[1, 2]]))).toThrow('assign to bias: a tensor [1, 2]; wanted [2].')
    const integers: Tensor = wrong(tensor([1, 2], { dtype: 'int32' }))
    expect(() => p.assign(integers)).toThrow(DTypeError)
    expect(() => p.assign(integers)).toThrow(
      "assign to bias: int32; wanted float32.\n  Hint: cast it: value.cast('float32')",
    )
    expect(await p.value.array()).toEqual([1, 2])
  })
})
