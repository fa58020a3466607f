import { cpu } from '@tensorweft/backend-cpu'
import { ArgumentError, DTypeError, oneHot, ShapeError, setBackend, tensor } from '@tensorweft/core'
import { beforeAll, expect, test } from 'vitest'
import { topKCategoricalAccuracy } from './top-k-categorical-accuracy.ts'

beforeAll(async () => {
  await setBackend(cpu())
})

const logits = tensor([
  [1, 4, 3, 2],
  [1, 4, 3, 2],
  [1, 4, 3, 2],
  [1, 4, 3, 2],
])
const labels = tensor([0, 1, 2, 3], { dtype: 'int32' })

test.each([
  [1, [false, true, false, false]],
  [2, [false, true, true, false]],
  [3, [false, true, true, true]],
  [4, [true, true, true, true]],
  [9, [true, true, true, true]],
])('counts the %i greatest', async (k, wanted) => {
  const metric = topKCategoricalAccuracy({ k })
  expect(await metric(logits, labels).array()).toEqual(wanted)
  expect(await metric(logits, oneHot(labels, 4)).array()).toEqual(wanted)
})

test('takes equals as not greater, and NaN as greatest but never right', async () => {
  const metric = topKCategoricalAccuracy({ k: 1 })
  const ties = tensor([
    [2, 2, 1],
    [2, Number.NaN, 1],
    [2, Number.NaN, 1],
    [1, 2, -Infinity],
  ])
  const own = tensor([1, 0, 1, 2], { dtype: 'int32' })
  expect(await metric(ties, own).array()).toEqual([true, false, false, false])
  expect(await topKCategoricalAccuracy({ k: 3 })(ties, own).array()).toEqual([
    true,
    true,
    false,
    true,
  ])
})

test('takes labels outside the classes as wrong', async () => {
  const outside = tensor([-1, 4, 1, 99], { dtype: 'int32' })
  expect(await topKCategoricalAccuracy()(logits, outside).array()).toEqual([
    false,
    false,
    true,
    false,
  ])
})

test('refuses other labels and counts', () => {
  expect(() => topKCategoricalAccuracy({ k: 0 })).toThrow(ArgumentError)
  expect(() => topKCategoricalAccuracy({ k: 1.5 })).toThrow('k 1.5; wanted a positive integer')
  expect(() => topKCategoricalAccuracy()(logits, tensor([0, 1, 2, 3]))).toThrow(DTypeError)
  expect(() => topKCategoricalAccuracy()(logits, labels.slice([0], [3]))).toThrow(ShapeError)
})
