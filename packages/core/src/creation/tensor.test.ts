import { beforeAll, describe, expect, expectTypeOf, test } from 'vitest'
import { type DType, dtypes } from '../dtype.ts'
import { ArgumentError, ShapeError } from '../errors.ts'
import { float16Bits, float16Value } from '../float16.ts'
import { type NestedArray, setBackend, type Tensor } from '../index.ts'
import { NaiveBackend } from '../naive-backend/naive-backend.testing.ts'
import { type TensorData, tensor } from './tensor.ts'

beforeAll(() => setBackend(new NaiveBackend()))

const typeOf = ({ dtype, shape }: Tensor<DType>) => ({ dtype, shape })

describe('shape', () => {
  test.each<[TensorData, number[]]>([
    [7, []],
    [[], [0]],
    [
      [[], []],
      [2, 0],
    ],
    [[1, 2, 3], [3]],
    [
      [
        [1, 2],
        [3, 4],
        [5, 6],
      ],
      [3, 2],
    ],
    [[[[1], [2]]], [1, 2, 1]],
    [new Float32Array(6), [6]],
    [
      [new Float32Array(3), new Float32Array(3)],
      [2, 3],
    ],
  ])('%j has shape %j', (data, shape) => {
    expect(tensor(data).shape).toEqual(shape)
  })

  test('is that of the options if there is one', async () => {
    const x = tensor(new Float32Array([1, 2, 3, 4, 5, 6]), { shape: [2, 3] })
    expect(await x.array()).toEqual([
      [1, 2, 3],
      [4, 5, 6],
    ])
    expect(tensor([[1, 2]], { shape: [2, 1] }).shape).toEqual([2, 1])
    expect(tensor([], { shape: [2, 0, 3] }).shape).toEqual([2, 0, 3])
    expect(tensor([5], { shape: [] }).rank).toBe(0)
  })

  test('does not change with the array it was given as', () => {
    const shape = [2, 1]
    const x = tensor([1, 2], { shape })
    shape[0] = 9
    expect(x.shape).toEqual([2, 1])
  })

  test('of another size throws', () => {
    expect(() => tensor([1, 2, 3], { shape: [2, 2] })).toThrow(
      'tensor: 3 values and shape [2, 2]; wanted 4 values.',
    )
    expect(() => tensor([1, 2], { shape: [-2, -1] })).toThrow(ShapeError)
  })

  test.each<[TensorData]>([[[[1, 2], [3]]], [[1, [2]]], [[[1], new Float32Array(2)]]])(
    'of ragged arrays %j throws',
    (data) => {
      expect(() => tensor(data)).toThrow(/ragged arrays: one part is .*Hint: pad the shorter ones/s)
    },
  )
})

describe('dtype', () => {
  test.each<[TensorData, DType]>([
    [1.5, 'float32'],
    [[], 'float32'],
    [true, 'bool'],
    [[[true], [false]], 'bool'],
    [new Float32Array(1), 'float32'],
    [new Float64Array(1), 'float64'],
    [new Int32Array(1), 'int32'],
    [new Uint8Array(1), 'uint8'],
    [[new Int32Array(1)], 'int32'],
  ])('%j is %s', (data, dtype) => {
    expect(tensor(data).dtype).toBe(dtype)
  })

  test('is known to the types', () => {
    expectTypeOf(tensor(1)).toEqualTypeOf<Tensor>()
    expectTypeOf(tensor([])).toEqualTypeOf<Tensor>()
    expectTypeOf(tensor([[1, 2], new Float32Array(2)])).toEqualTypeOf<Tensor>()
    expectTypeOf(tensor([[true], [false]])).toEqualTypeOf<Tensor<'bool'>>()
    expectTypeOf(tensor(new Float64Array(1))).toEqualTypeOf<Tensor<'float64'>>()
    expectTypeOf(tensor([new Int32Array(1)], { shape: [1] })).toEqualTypeOf<Tensor<'int32'>>()
    expectTypeOf(tensor(new Uint8Array(1))).toEqualTypeOf<Tensor<'uint8'>>()
    expectTypeOf(tensor(new Uint16Array(1))).toEqualTypeOf<Tensor>()
    expectTypeOf(tensor([1], { dtype: 'int32' })).toEqualTypeOf<Tensor<'int32'>>()
    expectTypeOf(tensor(JSON.parse('[1]'))).toEqualTypeOf<Tensor>()
    const unknown = (data: TensorData, nested: NestedArray, dtype?: DType) => [
      tensor(data),
      tensor(nested),
      tensor(data, dtype && { dtype }),
    ]
    expectTypeOf(unknown).returns.toEqualTypeOf<Tensor<DType>[]>()
    // @ts-expect-error: the dtype is that of the data, whatever is wanted.
    const wrong: Tensor<'float64'> = tensor([1])
    expect(wrong.dtype).toBe('float32')
  })

  test.each(dtypes)('%s holds what it can of any number', async (dtype) => {
    const values = [0, 1, 2.7, -1.5, 300, Number.NaN]
    const halves = values.map((value) => float16Value(float16Bits(value)))
    const wanted: Record<DType, number[]> = {
      float32: values.map(Math.fround),
      float64: values,
      float16: halves,
      int32: [0, 1, 2, -1, 300, 0],
      uint8: [0, 1, 2, 0, 255, 0],
      bool: [0, 1, 1, 1, 1, 1],
    }
    for (const data of [values, new Float64Array(values)]) {
      expect([...(await tensor<DType>(data, { dtype }).data())]).toEqual(wanted[dtype])
    }
  })

  test('bools made of bytes are 0 and 1', async () => {
    const x = tensor(new Uint8Array([0, 1, 2, 255]), { dtype: 'bool' })
    expect([...(await x.data())]).toEqual([0, 1, 1, 1])
    expect(await x.cast('int32').sum().item()).toBe(3)
  })

  test('bools read as booleans', async () => {
    expect(await tensor([[true, false]]).array()).toEqual([[true, false]])
    expect(await tensor(true).array()).toBe(true)
    expect(await tensor([true, false], { dtype: 'int32' }).array()).toEqual([1, 0])
  })
})

describe('values', () => {
  test('are copied', async () => {
    const data = new Float32Array([1, 2])
    const x = tensor(data)
    data[0] = 9
    expect(await x.array()).toEqual([1, 2])
  })

  test('keep −0, NaN and infinities', async () => {
    const values = [-0, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]
    expect([...(await tensor(values).data())]).toEqual(values)
  })

  test('that are no numbers throw', () => {
    for (const data of ['text', null, [undefined], [['1']], {}]) {
      expect(() => tensor(data as TensorData)).toThrow(ArgumentError)
    }
  })
})

test('a tensor says what it is', async () => {
  const x = tensor([[1, 2]])
  expect(String(x)).toBe('Tensor float32 [1, 2] (pending)')
  await x.data()
  expect(String(x)).toBe('Tensor float32 [1, 2] on naive')
  x.dispose()
  expect(String(x)).toBe('Tensor float32 [1, 2] (disposed)')
  expect(typeOf(tensor(true))).toEqual({ dtype: 'bool', shape: [] })
})
