import { affine } from '@tensorweft/testkit/plans'
import { expect, test } from 'vitest'
import { conditionsOf } from './guard.ts'

const sizes = [10, 4]

test('ranges that hold everywhere need no test', () => {
  expect(conditionsOf([{ index: affine([1]), low: 0, high: 10 }], sizes)).toEqual([])
  expect(conditionsOf([{ index: affine([0, 1], -5), low: -9, high: 99 }], sizes)).toEqual([])
})

test('ranges that hold nowhere are told', () => {
  expect(conditionsOf([{ index: affine([1]), low: 10, high: 20 }], sizes)).toBe('never')
  expect(conditionsOf([{ index: affine([1]), low: 3, high: 3 }], sizes)).toBe('never')
})

test('the others become one unsigned comparison', () => {
  const [condition] = conditionsOf([{ index: affine([1], -1), low: 0, high: 99 }], sizes)
  expect(condition).toMatchObject({ index: affine([1], -1), span: 9 })
})
