import { beforeAll, expect, test } from 'vitest'
import {
  ArgumentError,
  clip,
  compile,
  type DType,
  DTypeError,
  equal,
  full,
  indices,
  pad,
  setBackend,
  type Tensor,
  tensor,
  where,
} from '../index.ts'
import { NaiveBackend } from '../naive-backend/naive-backend.testing.ts'

beforeAll(() => setBackend(new NaiveBackend()))

const ints = tensor([-3, 0, 5], { dtype: 'int32' })
const bytes = tensor([0, 250], { dtype: 'uint8' })
const bools = tensor([true, false], { dtype: 'bool' })

test('numbers that an integer dtype holds are taken, its bounds and −0 too', async () => {
  expect(await ints.less(2 ** 31 - 1).array()).toEqual([true, true, true])
  expect(await ints.greater(-(2 ** 31)).array()).toEqual([true, true, true])
  expect(await ints.equal(-0).array()).toEqual([false, true, false])
  expect(await bytes.add(255).array()).toEqual([255, 249])
  expect(await clip(ints, -1, 2).array()).toEqual([-1, 0, 2])
  expect(await clip(bytes, 1, null).array()).toEqual([1, 250])
  expect(await where<'int32'>(bools, 1, ints.max()).array()).toEqual([1, 5])
  expect(await bools.equal(1).array()).toEqual([true, false])
  expect(await full([1], 1, 'bool').array()).toEqual([true])
  expect(await pad(bytes, [[1, 0]], 255).array()).toEqual([255, 0, 250])
})

test('others are refused, inside compile too', () => {
  const calls: readonly (() => Tensor<DType>)[] = [
    () => ints.greater(-0.5),
    () => ints.mul(0.5),
    () => bytes.add(300),
    () => clip(ints, 1.5, 2),
    () => where<'int32'>(bools, ints.max(), Number.NaN),
    () => pad(ints, [[1, 1]], Number.POSITIVE_INFINITY),
    () => full([1], 2, 'bool'),
  ]
  for (const call of calls) {
    expect(call).toThrow(ArgumentError)
    expect(() => compile(call)()).toThrow(ArgumentError)
  }
  expect(() => ints.mul(0.5)).toThrow('mul: b 0.5 for int32; wanted an integer within its range.')
})

test('a quotient is of floats, and so is its number', async () => {
  expect(await ints.div(0.5).array()).toEqual([-6, 0, 10])
  expect(await bytes.div(500).array()).toEqual([0, 0.5])
  expect(ints.div(0.5).dtype).toBe('float32')
})

test.each([
  [bytes, tensor([1, 2]), "a.cast('float32')"],
  [tensor([1, 2]), bytes, "b.cast('float32')"],
  [bools, tensor([1, 2], { dtype: 'int32' }), "a.cast('int32')"],
  [ints, tensor([true, false, true]), "b.cast('int32')"],
])('of two dtypes the one that the other holds is to be cast, case %#', (a, b, hint) => {
  expect(() => equal(a as Tensor, b as Tensor)).toThrow(DTypeError)
  expect(() => equal(a as Tensor, b as Tensor)).toThrow(hint)
})

test('positions that int32 does not hold are refused', () => {
  expect(indices([3, 2 ** 31], 1).shape).toEqual([3, 2 ** 31])
  expect(() => indices([2 ** 31 + 1, 3], 0)).toThrow(ArgumentError)
  expect(() => indices([2 ** 31 + 1, 3], 0)).toThrow('the last position 2147483648 for int32')
  expect(indices([2 ** 31 + 1, 3], 1).shape).toEqual([2 ** 31 + 1, 3])
})
