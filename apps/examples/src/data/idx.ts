import { DataError } from './data-error.ts'

/** An array of bytes as the IDX format holds it. */
export interface IdxArray {
  /** Sizes, outermost first: `[count, height, width]` for images, `[count]` for labels. */
  readonly shape: readonly number[]
  /** All elements in row-major order, a view on the bytes of the file. */
  readonly data: Uint8Array
}

/** Element types by the code in the third byte of a file. */
const elementTypes: Readonly<Record<number, string>> = {
  8: 'uint8',
  9: 'int8',
  11: 'int16',
  12: 'int32',
  13: 'float32',
  14: 'float64',
}
const uint8Code = 8

/**
 * Reads the IDX format of the MNIST files (http://yann.lecun.com/exdb/mnist): two zero bytes, the
 * element type, the number of dimensions, each size as a big-endian 32-bit integer, the elements.
 *
 * @param bytes The whole file, not compressed.
 * @param rank The number of dimensions that the file must have.
 * @param source Name of the file for error messages.
 * @throws DataError where the bytes are no IDX file of uint8 with this many dimensions, or are
 * fewer or more than its sizes say.
 *
 * @example
 * const { shape, data } = parseIdx(bytes, 3, 'train-images-idx3-ubyte') // shape [60000, 28, 28]
 */
export function parseIdx(bytes: Uint8Array, rank: number, source: string): IdxArray {
  checkMagicNumber(bytes, rank, source)
  const headerLength = 4 + 4 * rank
  if (bytes.byteLength < headerLength) {
    throw new DataError(
      source,
      `truncated: ${bytes.byteLength} bytes, its header takes ${headerLength}`,
    )
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, headerLength)
  const shape = Array.from({ length: rank }, (_, axis) => view.getUint32(4 + 4 * axis))
  const wanted = headerLength + shape.reduce((size, n) => size * n, 1)
  if (bytes.byteLength !== wanted) {
    const problem = bytes.byteLength < wanted ? 'truncated' : 'bytes left over'
    throw new DataError(
      source,
      `${problem}: shape [${shape.join(', ')}] takes ${wanted} bytes, the file has ${bytes.byteLength}`,
    )
  }
  return { shape, data: bytes.subarray(headerLength) }
}

function checkMagicNumber(bytes: Uint8Array, rank: number, source: string): void {
  const [first, second, type, dimensions] = bytes
  if (dimensions === undefined || type === undefined) {
    throw new DataError(source, `truncated: ${bytes.byteLength} bytes, its magic number takes 4`)
  }
  const magicNumber = hex(bytes.subarray(0, 4))
  const wanted = hex([0, 0, uint8Code, rank])
  const mismatch = `wrong magic number 0x${magicNumber}, wanted 0x${wanted}`
  if (first !== 0 || second !== 0) throw new DataError(source, `${mismatch}: this is no IDX file`)
  if (type !== uint8Code) {
    const name = elementTypes[type] ?? 'an unknown type'
    throw new DataError(source, `${mismatch}: elements of ${name} instead of uint8`)
  }
  if (dimensions !== rank) {
    throw new DataError(source, `${mismatch}: rank ${dimensions} instead of ${rank}`)
  }
}

function hex(bytes: Iterable<number>): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
}
