import { arithmeticOf, type DType, type TypedArrayOf, viewTypedArray } from '../dtype.ts'
import { ShapeError } from '../errors.ts'
import { letOthersRun } from '../execution/collect.ts'
import { backendToUse } from '../execution/current-backend.ts'
import { realizeNodes } from '../execution/realize.ts'
import { readFrom, viewOf } from '../execution/residence.ts'
import { assertNotTracing } from '../execution/trace.ts'
import { inSameScope } from '../graph/scope.ts'
import type { NestedArray, Node, Tensor } from '../graph/tensor.ts'
import { cast } from '../ops/cast.ts'
import { formatShape, type Shape, sizeOf } from '../shape.ts'

/** The values of a tensor, row-major, once they are computed. */
export function readData<D extends DType>(tensor: Tensor<D>): Promise<TypedArrayOf<D>> {
  assertNotTracing('data')
  return inSameScope(valuesOf(tensor))
}

/** The values as nested arrays; bools as booleans. */
export function readArray(tensor: Tensor<DType>): Promise<NestedArray> {
  assertNotTracing('array')
  return inSameScope(nestedValuesOf(tensor))
}

/** The value of a tensor with one element. Throws ShapeError for several. */
export function readItem(tensor: Tensor<DType>): Promise<number> {
  assertNotTracing('item')
  return inSameScope(singleValueOf(tensor))
}

/** float16 is widened where it lies: the host has no such numbers. */
async function valuesOf<D extends DType>(tensor: Tensor<D>): Promise<TypedArrayOf<D>>
async function valuesOf(tensor: Tensor<DType>): Promise<TypedArrayOf<DType>> {
  const dtype = arithmeticOf(tensor.dtype)
  const { node } = dtype === tensor.dtype ? tensor : cast(tensor, dtype)
  // Disposing of the tensor from now on does not take the value away from this read.
  node.lifetime.addReader()
  try {
    await realizeNodes([node], backendToUse())
    const bytes = await readBytes(node)
    await letOthersRun()
    return viewTypedArray(dtype, bytes.buffer, bytes.byteOffset, sizeOf(node.shape))
  } finally {
    node.lifetime.removeReader()
  }
}

async function readBytes(node: Node): Promise<Uint8Array> {
  if (sizeOf(node.shape) === 0) return new Uint8Array(0)
  if (node.storage !== undefined) return readFrom(node.storage, node)
  // Says why it is not there.
  viewOf(node)
  throw new Error('a computed value is nowhere')
}

async function nestedValuesOf(tensor: Tensor<DType>): Promise<NestedArray> {
  const { shape, dtype } = tensor
  const values = await valuesOf(tensor)
  return nest([...values], shape, dtype === 'bool')
}

async function singleValueOf(tensor: Tensor<DType>): Promise<number> {
  if (tensor.size !== 1) {
    throw new ShapeError('item', {
      got: `a tensor ${formatShape(tensor.shape)}`,
      wanted: 'one element',
      hint: 'use data() or array()',
    })
  }
  const [value = Number.NaN] = await valuesOf(tensor)
  return value
}

function nest(values: readonly number[], shape: Shape, isBool: boolean): NestedArray {
  const [n, ...rest] = shape
  if (n === undefined) return isBool ? values[0] !== 0 : (values[0] ?? Number.NaN)
  const size = sizeOf(rest)
  return Array.from({ length: n }, (_, i) =>
    nest(values.slice(i * size, (i + 1) * size), rest, isBool),
  )
}
