import {
  createTypedArray,
  type DType,
  formatShape,
  type Shape,
  ShapeError,
  sizeOf,
  Tensor,
  type TensorData,
  type TypedArray,
  tensor,
} from '@tensorweft/core'
import type { Samples, ShapedArray } from './data.ts'

/** Samples in the memory of the program, [samples, …], row-major. */
export interface HostArray {
  readonly data: TypedArray
  readonly shape: Shape
  /** Of the tensors that are made of it, whatever the array is. */
  readonly dtype: DType
}

/**
 * Samples of any form as an array in memory; what has that form already is not copied.
 *
 * @throws ShapeError for ragged arrays, data that does not fit its shape, or no axis of samples;
 * ArgumentError for what is no array of numbers.
 */
export async function hostArray(op: string, name: string, samples: Samples): Promise<HostArray> {
  const array = await readSamples(op, name, samples)
  checkSamples(op, name, array.shape)
  return array
}

/** @throws ShapeError for a scalar. */
export function checkSamples(op: string, name: string, shape: Shape): void {
  if (shape.length > 0) return
  throw new ShapeError(op, {
    got: `${name} is a scalar`,
    wanted: '[samples, …]',
    hint: 'a single sample is an array of one: [sample]',
  })
}

async function readSamples(op: string, name: string, samples: Samples): Promise<HostArray> {
  if (samples instanceof Tensor) return readTensor(samples)
  if (ArrayBuffer.isView(samples)) {
    return { data: samples, shape: [samples.length], dtype: dtypeOf(samples) }
  }
  if (isShapedArray(samples)) return shapedArray(op, name, samples)
  const made = tensor(samples)
  const read = await readTensor(made)
  made.dispose()
  return read
}

export async function readTensor(from: Tensor<DType>): Promise<HostArray> {
  return { data: await from.data(), shape: from.shape, dtype: from.dtype }
}

function isShapedArray(samples: ShapedArray | TensorData): samples is ShapedArray {
  return typeof samples === 'object' && samples !== null && 'data' in samples && 'shape' in samples
}

function shapedArray(op: string, name: string, { data, shape, dtype }: ShapedArray): HostArray {
  if (sizeOf(shape) === data.length) return { data, shape, dtype: dtype ?? dtypeOf(data) }
  throw new ShapeError(op, {
    got: `${name} has ${data.length} values and shape ${formatShape(shape)}`,
    wanted: `${sizeOf(shape)} values`,
  })
}

/** The dtype of tensors of such an array, if none is asked for. */
function dtypeOf(data: TypedArray): DType {
  return tensor(data.subarray(0, 0)).dtype
}

/** Samples `begin` to `end`, without a copy of the values. */
export function sliceSamples(
  { data, shape: [, ...sample], dtype }: HostArray,
  begin: number,
  end: number,
): HostArray {
  const size = sizeOf(sample)
  return { data: data.subarray(begin * size, end * size), shape: [end - begin, ...sample], dtype }
}

/** The samples with these numbers, in this order. */
export function gatherSamples(array: HostArray, numbers: Uint32Array): HostArray {
  const { data, dtype } = array
  const shape = [numbers.length, ...array.shape.slice(1)]
  const gathered = createTypedArray<DType>(dtypeOf(data), sizeOf(shape))
  numbers.forEach((sample, row) => {
    const { data: values } = sliceSamples(array, sample, sample + 1)
    gathered.set(values, row * values.length)
  })
  return { data: gathered, shape, dtype }
}

export function toTensor({ data, shape, dtype }: HostArray): Tensor<DType> {
  return tensor<DType>(data, { shape, dtype })
}
