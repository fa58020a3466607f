import { checkMetadata, checkName, formatShape, isSizes } from './checks.ts'
import { byteLengthOf, isSafetensorsDType } from './dtypes.ts'
import {
  type Header,
  lengthBytes,
  maximumHeaderLength,
  metadataKey,
  type TensorEntry,
} from './header.ts'
import { readKeys } from './json-keys.ts'
import { quote, SafetensorsError } from './safetensors-error.ts'
import { decodeUtf8 } from './utf8.ts'

/** Reads the header of a file and says where its data starts. */
export function parseHeader(bytes: Uint8Array): Header & { readonly dataStart: number } {
  const dataStart = lengthBytes + readLength(bytes)
  const json = decodeUtf8(bytes.subarray(lengthBytes, dataStart))
  if (!json.startsWith('{')) {
    throw new SafetensorsError('The header does not start with "{": this is no safetensors file.')
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
  if (bytes.byteLength < lengthBytes) {
    throw new SafetensorsError(
      `The file has ${bytes.byteLength} bytes; the length of the header alone takes ${lengthBytes}.`,
    )
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, lengthBytes)
  const length = view.getBigUint64(0, true)
  if (length > BigInt(maximumHeaderLength)) {
    throw new SafetensorsError(
      `The header claims ${length} bytes, more than the ${maximumHeaderLength} that the format allows.`,
    )
  }
  const left = bytes.byteLength - lengthBytes
  if (length > BigInt(left)) {
    throw new SafetensorsError(
      `The header claims ${length} bytes and ${left} follow: the file is truncated.`,
    )
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
    throw new SafetensorsError(`The dtype of ${label} is ${describe(dtype)}, which is unknown.`)
  }
  if (!isSizes(shape)) {
    throw new SafetensorsError(`The shape of ${label} is no list of non-negative integers.`)
  }
  const [begin, end, ...rest] = isSizes(offsets) ? offsets : []
  if (begin === undefined || end === undefined || rest.length > 0 || begin > end) {
    throw new SafetensorsError(`The data_offsets of ${label} are not two integers begin <= end.`)
  }
  const needed = byteLengthOf(dtype, shape)
  if (needed !== end - begin) {
    const wanted = needed === undefined ? 'no whole number of bytes' : `${needed} bytes`
    throw new SafetensorsError(
      `Shape ${formatShape(shape)} of ${label} in ${dtype} takes ${wanted}, its offsets span ${end - begin}.`,
    )
  }
  return { name, dtype, shape, begin, end }
}

function describe(dtype: unknown): string {
  return typeof dtype === 'string' ? quote(dtype) : `a ${typeof dtype}`
}

function parseMetadata(metadata: unknown): Record<string, string> {
  if (metadata === undefined) return {}
  if (!isObject(metadata)) throw new SafetensorsError(`${metadataKey} is no object.`)
  return checkMetadata(metadata)
}
