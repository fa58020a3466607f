import { beforeEach, describe, expect, test } from 'vitest'
import { type DType, ShapeError, setBackend, type Tensor, tensor, zeros } from '../index.ts'
import { NaiveBackend } from '../naive-backend/naive-backend.testing.ts'

beforeEach(() => setBackend(new NaiveBackend()))

describe('data', () => {
  test.each<[DType, object]>([
    ['float32', Float32Array],
    ['float64', Float64Array],
    ['int32', Int32Array],
    ['uint8', Uint8Array],
    ['bool', Uint8Array],
  ])('of %s is its typed array', async (dtype, Class) => {
    const x: Tensor<DType> = tensor([0, 1, 1], { dtype })
    const data = await x.data()
    expect(data.constructor).toBe(Class)
    expect([...data]).toEqual([0, 1, 1])
  })

  test('is a copy', async () => {
    const x = tensor([1, 2])
    const data = await x.data()
    data[0] = 9
    expect(await x.array()).toEqual([1, 2])
  })

  test('of no elements is empty', async () => {
    expect(await zeros([0, 3]).data()).toEqual(new Float32Array(0))
    expect(await tensor([[], []]).neg().data()).toEqual(new Float32Array(0))
  })
})

describe('array', () => {
  test('is nested as deep as the rank', async () => {
    expect(await tensor(3).array()).toBe(3)
    expect(await zeros([2, 1, 2]).array()).toEqual([[[0, 0]], [[0, 0]]])
    expect(await zeros([2, 0]).array()).toEqual([[], []])
    expect(await zeros([0, 2]).array()).toEqual([])
  })
})

describe('item', () => {
  test('is the one value, whatever the rank', async () => {
    expect(await tensor(3).item()).toBe(3)
    expect(await tensor([[3]]).item()).toBe(3)
    expect(await tensor([true]).item()).toBe(1)
  })

  test('of several or none throws', async () => {
    await expect(tensor([1, 2]).item()).rejects.toThrow(ShapeError)
    await expect(tensor([1, 2]).item()).rejects.toThrow(
      'item: a tensor [2]; wanted one element.\n  Hint: use data() or array()',
    )
    await expect(zeros([0]).item()).rejects.toThrow('wanted one element')
  })
})
