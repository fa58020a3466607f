import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** The bytes of an IDX file of uint8, or, with other codes, of a wrong one. */
export function idxBytes(
  shape: readonly number[],
  elements: readonly number[],
  { type = 8, rank = shape.length, start = [0, 0] } = {},
): Uint8Array {
  const header = new Uint8Array(4 + 4 * shape.length)
  header.set([...start, type, rank])
  const view = new DataView(header.buffer)
  for (const [axis, size] of shape.entries()) view.setUint32(4 + 4 * axis, size)
  return Uint8Array.from([...header, ...elements])
}

/** The four files of a small data set: 3 training images and 2 test images of 2 x 2 pixels. */
export function smallFiles(): Record<string, Uint8Array> {
  const counting = (length: number) => Array.from({ length }, (_, index) => index)
  return {
    'train-images-idx3-ubyte': idxBytes([3, 2, 2], counting(12)),
    'train-labels-idx1-ubyte': idxBytes([3], [7, 0, 9]),
    't10k-images-idx3-ubyte': idxBytes([2, 2, 2], counting(8)),
    't10k-labels-idx1-ubyte': idxBytes([2], [1, 2]),
  }
}

export function writeFiles(folder: string, files: Readonly<Record<string, Uint8Array>>): void {
  mkdirSync(folder, { recursive: true })
  for (const [name, bytes] of Object.entries(files)) writeFileSync(join(folder, name), bytes)
}
