import { ArgumentError } from '../errors.ts'
import type { AnyTensor } from './define-op.ts'

/** Throws ArgumentError for indices that are still at hand and lie outside of an axis. */
export function checkInside(op: string, indices: AnyTensor, size: number): void {
  const { hostData } = indices.node
  if (hostData === undefined) return
  const values = new Int32Array(hostData.buffer, hostData.byteOffset, hostData.byteLength / 4)
  const wrong = values.find((index) => index < 0 || index >= size)
  if (wrong === undefined) return
  throw new ArgumentError(op, {
    got: `index ${wrong}`,
    wanted: size === 0 ? 'no index, as the axis is empty' : `indices from 0 to ${size - 1}`,
  })
}
