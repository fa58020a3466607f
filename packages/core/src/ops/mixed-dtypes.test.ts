import { beforeAll, describe, expect, expectTypeOf, test } from 'vitest'
import {
  add,
  type DType,
  DTypeError,
  dot,
  less,
  matmul,
  mul,
  outer,
  pow,
  scatterAdd,
  setBackend,
  squaredDifference,
  type Tensor,
  type TensorOperand,
  tensor,
  where,
} from '../index.ts'
import { NaiveBackend } from '../naive-backend/naive-backend.testing.ts'

beforeAll(() => setBackend(new NaiveBackend()))

const x = tensor([1, 2])
const ints = tensor([1, 0], { dtype: 'int32' })
const bools = tensor([true, false])

test('two dtypes are refused, by the types too', () => {
  const calls: readonly (() => unknown)[] = [
    // @ts-expect-error
    () => add(x, ints),
    // @ts-expect-error
    () => mul(ints, x),
    // @ts-expect-error
    () => pow(x, ints),
    // @ts-expect-error
    () => less(x, ints),
    // @ts-expect-error
    () => squaredDifference(x, ints),
    // @ts-expect-error
    () => where(bools, x, ints),
    // @ts-expect-error
    () => matmul(x, ints),
    // @ts-expect-error
    () => dot(x, ints),
    // @ts-expect-error
    () => outer(x, ints),
    // @ts-expect-error
    () => scatterAdd(x, ints, ints),
  ]
  for (const call of calls) expect(call).toThrow(DTypeError)
})

describe('numbers', () => {
  test('on either side take the dtype of the other', async () => {
    expectTypeOf(add(1, ints)).toEqualTypeOf<Tensor<'int32'>>()
    expectTypeOf(mul(ints, 2)).toEqualTypeOf<Tensor<'int32'>>()
    expectTypeOf(pow(2, x)).toEqualTypeOf<Tensor>()
    expectTypeOf(less(1, ints)).toEqualTypeOf<Tensor<'bool'>>()
    expectTypeOf(squaredDifference(1, ints)).toEqualTypeOf<Tensor<'int32'>>()
    expectTypeOf(where(bools, 0, ints)).toEqualTypeOf<Tensor<'int32'>>()
    expectTypeOf(where(bools, ints, 0)).toEqualTypeOf<Tensor<'int32'>>()
    expect(await where(bools, 0, add(1, ints)).array()).toEqual([0, 1])
  })

  test('may stand for tensors in functions of any dtype', async () => {
    const doubled = <D extends DType>(a: TensorOperand<D>, b: TensorOperand<D>): Tensor<D> =>
      mul(add(a, b), 2)
    expect(await doubled(1, ints).array()).toEqual([4, 2])
    const unknown: Tensor<DType> = ints
    expectTypeOf(add(unknown, unknown)).toEqualTypeOf<Tensor<DType>>()
  })
})
