import { byteLengthOf } from '../dtype.ts'
import { sizeOf } from '../shape.ts'
import { originOf } from './origin.ts'
import type { BufferContent } from './storage.ts'
import type { Node } from './tensor.ts'

/** Bytes that a node's value takes. */
export function nodeByteLength({ dtype, shape }: Node): number {
  return byteLengthOf(dtype, sizeOf(shape))
}

/** What a buffer for the value of a node holds. */
export function contentOf(node: Node): BufferContent {
  return { dtype: node.dtype, shape: node.shape, origin: originOf(node) }
}
