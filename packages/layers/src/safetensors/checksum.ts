import type { SafetensorsDType } from './dtypes.ts'
import { SafetensorsError } from './safetensors-error.ts'
import { encodeUtf8 } from './utf8.ts'

type Metadata = Readonly<Record<string, string>>

/** A tensor as it lies in the file. */
export interface StoredTensor {
  readonly name: string
  readonly dtype: SafetensorsDType
  readonly shape: readonly number[]
  readonly bytes: Uint8Array
}

/** Key of the entry and start of its value: where a flipped bit damages one, the other is left. */
const mark = 'tensorweft-crc32'

export function addChecksum(metadata: Metadata, tensors: readonly StoredTensor[]): Metadata {
  return { ...metadata, [mark]: checksumOf(metadata, tensors) }
}

/** The metadata without the checksum, if there is one, which must be that of the content. */
export function takeChecksum(metadata: Metadata, tensors: readonly StoredTensor[]): Metadata {
  const { [mark]: found, ...rest } = metadata
  const isMarked = Object.entries(metadata).some((entry) => entry.join().includes(mark))
  if (isMarked && found !== checksumOf(metadata, tensors)) {
    throw new SafetensorsError(
      `The content does not fit its checksum: it is damaged, or was changed with the entry ${mark} of its metadata kept.`,
    )
  }
  return rest
}

/** Of what a file holds, however it is laid out, so that other programs may write it anew. */
function checksumOf(metadata: Metadata, tensors: readonly StoredTensor[]): string {
  const sorted = tensors.toSorted((a, b) => (a.name < b.name ? -1 : 1))
  const header = sorted.map(({ name, dtype, shape }) => [name, dtype, shape])
  const keys = Object.keys(metadata).filter((key) => key !== mark)
  const text = JSON.stringify(metadata, keys.sort()) + JSON.stringify(header)
  const crc = sorted.reduce((sum, { bytes }) => update(sum, bytes), update(-1, encodeUtf8(text)))
  return `${mark}:${(~crc >>> 0).toString(16).padStart(8, '0')}`
}

/** Remainders of every byte for the polynomial of IEEE 802.3, lowest bit first. */
const remainders = Int32Array.from({ length: 256 }, (_, byte) => {
  for (let bit = 0; bit < 8; bit += 1) byte = (byte >>> 1) ^ (byte & 1 ? 0xedb88320 : 0)
  return byte
})

/** CRC-32 of what comes next, without the inversions at its start and end. */
function update(crc: number, bytes: Uint8Array): number {
  // Three times as fast as an iterator.
  for (let i = 0; i < bytes.length; i += 1) {
    crc = (crc >>> 8) ^ (remainders[(crc ^ (bytes[i] ?? 0)) & 255] ?? 0)
  }
  return crc
}
