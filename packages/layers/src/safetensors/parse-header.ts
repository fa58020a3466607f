import { checkHeaderLength, checkMetadata, checkName, checkShape, isSizes } from './checks.ts'
import { byteLengthOf, isSafetensorsDType } from './dtypes.ts'
import { type Header, lengthBytes, metadataKey, type TensorEntry } from './header.ts'
import { readKeys } from './json-keys.ts'
import { formatShape, quote, SafetensorsError } from './safetensors-error.ts'
import { decodeUtf8 } from './utf8.ts'

/** Reads the header of a file and says where its data starts. */
export function parseHeader(bytes: Uint8Array): Header & { readonly dataStart: number } {
  // Arrays of other windows are no instances of this one's class.
  const kind = Object.prototype.toString.call(bytes)
  if (kind !== '[object Uint8Array]') {
    throw new SafetensorsError(`Got ${kind}, no Uint8Array: await it, or new Uint8Array(buffer).`)
  }
  const dataStart = lengthBytes + readLength(bytes)
  const json = decodeUtf8(bytes.subarray(lengthBytes, dataStart))
  if (!json.startsWith('{')) {
    throw new SafetensorsError('The header does not start with "{": no safetensors file.')
  }
  const header = parseObject(json)
  const names = readKeys(json).filter((name) => name !== metadataKey)
  return {
    entries: names.map((name) => parseEntry(name, header[name])),
    metadata: parseMetadata(header[metadataKey]),
    dataStart,
  }
}

function readLength(bytes: Uint8Array): number {
  const left = bytes.byteLength - lengthBytes
  if (left < 0) {
    throw new SafetensorsError(
      `The file has ${bytes.byteLength} bytes, less than a header's length.`,
    )
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, lengthBytes)
  const length = view.getBigUint64(0, true)
  checkHeaderLength(length)
  if (length > left) {
    throw new SafetensorsError(`The header takes ${length} bytes and ${left} follow: truncated.`)
  }
  return Number(length)
}

type JsonObject = Readonly<Record<string, unknown>>

function parseObject(json: string): JsonObject {
  try {
    const value: unknown = JSON.parse(json)
    if (isObject(value)) return value
  } catch (cause) {
    throw new SafetensorsError('The header is not valid JSON.', { cause })
  }
  throw new SafetensorsError('The header is not a JSON object.')
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function parseEntry(name: string, entry: unknown): TensorEntry {
  const label = `tensor ${quote(name)}`
  checkName(name)
  if (!isObject(entry)) throw new SafetensorsError(`The header's entry of ${label} is no object.`)
  const { dtype, shape, data_offsets: offsets } = entry
  if (typeof dtype !== 'string' || !isSafetensorsDType(dtype)) {
    const found = quote(typeof dtype === 'string' ? dtype : typeof dtype)
    throw new SafetensorsError(`The dtype of ${label} is ${found}, which is unknown.`)
  }
  checkShape(label, shape)
  const [begin, end, ...rest] = isSizes(offsets) ? offsets : []
  if (begin === undefined || end === undefined || rest.length > 0 || begin > end) {
    throw new SafetensorsError(`The data_offsets of ${label} are not two integers begin <= end.`)
  }
  const needed = byteLengthOf(dtype, shape)
  if (needed !== end - begin) {
    throw new SafetensorsError(
      `Shape ${formatShape(shape)} of ${label} in ${dtype} takes ${needed ?? 'no whole number of'} bytes, its offsets span ${end - begin}.`,
    )
  }
  return { name, dtype, shape, begin, end }
}

function parseMetadata(metadata: unknown): Record<string, string> {
  if (metadata === undefined) return {}
  if (!isObject(metadata)) throw new SafetensorsError(`${metadataKey} is no object.`)
  return checkMetadata(metadata)
}
