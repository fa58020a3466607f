import { cpu } from '@tensorweft/backend-cpu'
import { key, ShapeError, setBackend, tensor, zeros } from '@tensorweft/core'
import { beforeAll, expect, test } from 'vitest'
import { reshape } from './index.ts'

beforeAll(async () => {
  await setBackend(cpu())
})

test('reshape gives each sample another shape', async () => {
  const layer = reshape({ targetShape: [2, -1] })
  expect(layer.build([6], key(0))).toEqual([2, 3])
  expect(layer.build([3, 4], key(0))).toEqual([2, 6])
  expect(await layer.apply(tensor([[1, 2, 3, 4]])).array()).toEqual([
    [
      [1, 2],
      [3, 4],
    ],
  ])
  expect(layer.apply(zeros([0, 6])).shape).toEqual([0, 2, 3])
  expect(reshape({ targetShape: [] }).apply(zeros([5, 1])).shape).toEqual([5])
  expect(layer.config).toEqual({ type: 'reshape', targetShape: [2, -1] })
})

test('reshape refuses another number of elements', () => {
  expect(() => reshape({ targetShape: [2, -1] }).build([5], key(0))).toThrow(ShapeError)
  expect(() => reshape({ targetShape: [3, 2] }).apply(zeros([2, 4]))).toThrow(ShapeError)
})
