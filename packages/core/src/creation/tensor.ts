import {
  arithmeticOf,
  byteLengthOf,
  castNumber,
  createTypedArray,
  type DType,
  type TypedArray,
} from '../dtype.ts'
import { ArgumentError, ShapeError } from '../errors.ts'
import { Node, Tensor } from '../graph/tensor.ts'
import { cast } from '../ops/cast.ts'
import { checkKnownDType } from '../ops/check-dtype.ts'
import { kindOf } from '../ops/check-tensor.ts'
import { checkShape, formatShape, type Shape, sameShape, sizeOf } from '../shape.ts'

/** Numbers or booleans in arrays nested as deep as the rank. */
export type TensorData = number | boolean | TypedArray | readonly TensorData[]

type Nested<T> = T | readonly Nested<T>[]

/** The dtype of a tensor of such data where none is asked for; what is `any` counts as numbers. */
export type DTypeOfData<T> = unknown extends T
  ? 'float32'
  : T extends Nested<number | Float32Array | Uint16Array>
    ? 'float32'
    : T extends Nested<boolean>
      ? 'bool'
      : T extends Nested<Float64Array>
        ? 'float64'
        : T extends Nested<Int32Array>
          ? 'int32'
          : T extends Nested<Uint8Array>
            ? 'uint8'
            : DType

export interface TensorOptions<D extends DType> {
  /** By default that of a typed array, bool for booleans, else float32. */
  readonly dtype?: D
  /** By default that of the nesting, or [length] for a typed array. */
  readonly shape?: Shape
}

/**
 * A tensor with given values, which are copied.
 *
 * @param data Nested arrays, a typed array or a number.
 * @throws ShapeError for ragged arrays or a shape of another size.
 * @example
 * ```ts
 * import { tensor } from '@tensorweft/core'
 *
 * const x = tensor([[1, 2], [3, 4]])
 * const labels = tensor([7, 2, 1], { dtype: 'int32' })
 * const image = tensor(new Float32Array(784), { shape: [28, 28] })
 * ```
 */
export function tensor<D extends DType>(
  data: TensorData,
  options: TensorOptions<D> & { readonly dtype: D },
): Tensor<D>
export function tensor<T extends TensorData>(
  data: T,
  options?: TensorOptions<never>,
): Tensor<DTypeOfData<T>>
export function tensor(data: TensorData, options?: TensorOptions<DType>): Tensor<DType>
export function tensor(
  data: TensorData,
  { dtype, shape }: TensorOptions<DType> = {},
): Tensor<DType> {
  const found = shapeOf(data)
  const wanted = shape ?? found
  checkShape('tensor', wanted)
  if (sizeOf(wanted) !== sizeOf(found)) {
    throw new ShapeError('tensor', {
      got: `${sizeOf(found)} values and shape ${formatShape(wanted)}`,
      wanted: `${sizeOf(wanted)} values`,
    })
  }
  const type = dtype ?? dtypeOf(data)
  checkKnownDType('tensor', type)
  const values = createTypedArray(type, sizeOf(found))
  fill(values, data, type, 0)
  const stored = arithmeticOf(type)
  const node = new Node({ kind: 'data' }, [], { shape: [...wanted], dtype: stored })
  node.hostData = new Uint8Array(values.buffer, 0, byteLengthOf(stored, values.length))
  return cast(new Tensor(node), type)
}

function shapeOf(data: TensorData): number[] {
  if (typeof data === 'number' || typeof data === 'boolean') return []
  if (holdsNumbers(data)) return [data.length]
  if (!Array.isArray(data)) throw notNumbers(data)
  const [first, ...rest] = Array.from(data, shapeOf)
  const ragged = rest.find((shape) => !sameShape(shape, first ?? []))
  if (ragged !== undefined) {
    throw new ShapeError('tensor', {
      got: `ragged arrays: one part is ${formatShape(first ?? [])}, another ${formatShape(ragged)}`,
      wanted: 'parts of one shape',
      hint: 'pad the shorter ones',
    })
  }
  return [data.length, ...(first ?? [])]
}

/** Whether it is a typed array, but no DataView and not one of bigints. */
function holdsNumbers(data: TensorData): data is TypedArray {
  return ArrayBuffer.isView(data) && 'length' in data && typeof (data[0] ?? 0) === 'number'
}

function notNumbers(data: unknown): ArgumentError {
  const isTensor = data instanceof Tensor
  return new ArgumentError('tensor', {
    got: `${isTensor ? 'a tensor' : kindOf(data)} among the values`,
    wanted: 'numbers, booleans, typed arrays or arrays of them',
    ...(isTensor && { hint: 'stack([a, b]) and concat([a, b]) join tensors' }),
  })
}

function dtypeOf(data: TensorData): DType {
  if (typeof data === 'boolean') return 'bool'
  if (typeof data === 'number') return 'float32'
  if (data instanceof Int32Array) return 'int32'
  if (data instanceof Uint8Array) return 'uint8'
  if (data instanceof Float64Array) return 'float64'
  if (ArrayBuffer.isView(data)) return 'float32'
  return data[0] === undefined ? 'float32' : dtypeOf(data[0])
}

/** Writes the values from `offset` on and returns the offset after them. */
function fill(values: TypedArray, data: TensorData, dtype: DType, offset: number): number {
  if (typeof data === 'number' || typeof data === 'boolean') {
    values[offset] = castNumber(Number(data), dtype)
    return offset + 1
  }
  if (ArrayBuffer.isView(data)) {
    // Bytes are only bools after the cast.
    if (dtype !== 'bool' && data.constructor === values.constructor) values.set(data, offset)
    else for (const [i, value] of data.entries()) values[offset + i] = castNumber(value, dtype)
    return offset + data.length
  }
  return data.reduce<number>((at, part) => fill(values, part, dtype, at), offset)
}
