import { type DType, type TypedArrayOf, viewTypedArray } from '../dtype.ts'
import { ShapeError } from '../errors.ts'
import { backendToUse, currentBackend } from '../execution/current-backend.ts'
import { realizeNodes } from '../execution/realize.ts'
import { nodeByteLength, viewOf } from '../execution/residence.ts'
import { assertNotTracing } from '../execution/trace.ts'
import type { NestedArray, Tensor } from '../graph/tensor.ts'
import { formatShape, type Shape, sizeOf } from '../shape.ts'

/** The values of a tensor, row-major, once they are computed. */
export async function readData<D extends DType>(tensor: Tensor<D>): Promise<TypedArrayOf<D>> {
  assertNotTracing('data')
  const { node, dtype } = tensor
  const size = sizeOf(node.shape)
  await realizeNodes([node], backendToUse())
  if (size === 0) return viewTypedArray(dtype, new ArrayBuffer(0), 0, 0)
  const { buffer } = viewOf(node)
  const backend = node.storage?.backend ?? currentBackend()
  const bytes = await backend.read(buffer, 0, nodeByteLength(node))
  return viewTypedArray(dtype, bytes.buffer, bytes.byteOffset, size)
}

/** The values as nested arrays; bools as booleans. */
export async function readArray(tensor: Tensor<DType>): Promise<NestedArray> {
  const { shape, dtype } = tensor
  const values = await readData(tensor)
  return nest([...values], shape, dtype === 'bool')
}

/** The value of a tensor with one element. Throws ShapeError for several. */
export async function readItem(tensor: Tensor<DType>): Promise<number> {
  if (tensor.size !== 1) {
    throw new ShapeError('item', {
      got: `a tensor ${formatShape(tensor.shape)}`,
      wanted: 'one element',
      hint: 'use data() or array()',
    })
  }
  const [value = Number.NaN] = await readData(tensor)
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
