import { checkBools, checkHeaderLength, checkMetadata, checkName, checkShape } from './checks.ts'
import { addChecksum, type StoredTensor } from './checksum.ts'
import { bitsOf, byteLengthOf, formatOf } from './dtypes.ts'
import { type Header, lengthBytes, metadataKey, type TensorEntry } from './header.ts'
import { formatShape, quote, SafetensorsError } from './safetensors-error.ts'
import type { SafetensorsTensor } from './tensor.ts'
import { encodeUtf8 } from './utf8.ts'

/**
 * Writes tensors in the safetensors format, https://github.com/huggingface/safetensors.
 *
 * The header keeps the order of the map. The data lies in order of falling element size, so that
 * every tensor starts at a multiple of its element size and other readers can map the file.
 * The metadata get one more entry: a CRC-32 of all content, by which reading knows damage.
 *
 * @param tensors Tensors by name, row-major.
 * @param metadata Free text about the file.
 * @throws SafetensorsError where a name is reserved or not valid Unicode, a dtype is unknown, or
 * the data does not fit the shape and dtype.
 *
 * @example
 * ```ts
 * const bias = { dtype: 'float32', shape: [2], data: new Float32Array([1, 2]) } as const
 * const bytes = encodeSafetensors(new Map([['bias', bias]]), { format: 'tensorweft' })
 * ```
 */
export function encodeSafetensors(
  tensors: ReadonlyMap<string, SafetensorsTensor>,
  metadata: Readonly<Record<string, string>> = {},
): Uint8Array<ArrayBuffer> {
  const payloads = [...tensors].map(([name, tensor]) => checkTensor(name, tensor))
  const entries = placeTensors(payloads)
  const header = encodeHeader({ entries, metadata: addChecksum(checkMetadata(metadata), payloads) })
  const dataLength = payloads.reduce((total, { bytes }) => total + bytes.byteLength, 0)
  const file = new Uint8Array(header.byteLength + dataLength)
  file.set(header)
  for (const { bytes, begin } of entries) file.set(bytes, header.byteLength + begin)
  return file
}

/** The tensor as bytes, which are little-endian as typed arrays are wherever the package runs. */
function checkTensor(name: string, { dtype, shape, data }: SafetensorsTensor): StoredTensor {
  const label = `tensor ${quote(name)}`
  checkName(name)
  const format = formatOf(dtype)
  if (format === undefined)
    throw new SafetensorsError(`The ${label} has the unknown dtype ${quote(dtype)}.`)
  const array = data[Symbol.toStringTag]
  if (array !== format.array.name) {
    throw new SafetensorsError(`The ${label} holds a ${array}, not a ${format.array.name}.`)
  }
  checkShape(label, shape)
  const wanted = byteLengthOf(format.name, shape)
  if (wanted !== data.byteLength) {
    throw new SafetensorsError(
      `The ${label} of shape ${formatShape(shape)} holds ${data.byteLength} bytes, not ${wanted ?? 'a whole number'}.`,
    )
  }
  const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
  if (dtype === 'bool') checkBools(name, bytes)
  return { name, dtype: format.name, shape, bytes }
}

/** Gives every tensor its place: widest elements first, otherwise as they come. */
function placeTensors(payloads: readonly StoredTensor[]): (StoredTensor & TensorEntry)[] {
  const placed = payloads.map((payload) => ({ ...payload, begin: 0, end: 0 }))
  let offset = 0
  for (const entry of placed.toSorted((a, b) => bitsOf(b.dtype) - bitsOf(a.dtype))) {
    entry.begin = offset
    offset += entry.bytes.byteLength
    entry.end = offset
  }
  return placed
}

/** The header with its length in front, padded so that the data starts at a multiple of 8 bytes. */
function encodeHeader({ entries, metadata }: Header): Uint8Array {
  // Written by hand: as a JavaScript object, names such as "10" would move in front of the others.
  const fields = entries.map(
    ({ name, dtype, shape, begin, end }) =>
      `${JSON.stringify(name)}:${JSON.stringify({ dtype, shape, data_offsets: [begin, end] })}`,
  )
  fields.unshift(`${JSON.stringify(metadataKey)}:${JSON.stringify(metadata)}`)
  const json = encodeUtf8(`{${fields.join(',')}}`)
  const length = Math.ceil(json.byteLength / 8) * 8
  checkHeaderLength(length)
  const bytes = new Uint8Array(lengthBytes + length).fill(0x20)
  new DataView(bytes.buffer).setBigUint64(0, BigInt(length), true)
  bytes.set(json, lengthBytes)
  return bytes
}
