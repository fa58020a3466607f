import { maximumHeaderLength, metadataKey } from './header.ts'
import { quote, SafetensorsError } from './safetensors-error.ts'
import { isWellFormed } from './utf8.ts'

/** Whether `value` is a non-negative integer; JSON has a negative zero, which is no size. */
function isSize(value: unknown): value is number {
  return Number.isSafeInteger(value) && Number(value) >= 0 && !Object.is(value, -0)
}

export function isSizes(value: unknown): value is readonly number[] {
  return Array.isArray(value) && value.every(isSize)
}

/** @param label What has the shape. */
export function checkShape(label: string, shape: unknown): asserts shape is readonly number[] {
  if (isSizes(shape)) return
  throw new SafetensorsError(`The shape of ${label} is no list of non-negative integers.`)
}

export function checkHeaderLength(byteLength: number | bigint): void {
  if (byteLength <= maximumHeaderLength) return
  throw new SafetensorsError(
    `The header takes ${byteLength} bytes; the format allows ${maximumHeaderLength}.`,
  )
}

export function checkName(name: string): void {
  if (name === metadataKey) {
    throw new SafetensorsError(`No tensor can be named ${quote(metadataKey)}.`)
  }
  if (!isWellFormed(name)) {
    throw new SafetensorsError(`The tensor name ${quote(name)} is not valid Unicode.`)
  }
}

/** The metadata as strings, or an error that names the entry which is none. */
export function checkMetadata(metadata: Readonly<Record<string, unknown>>): Record<string, string> {
  const entries = Object.entries(metadata).map(([key, value]): [string, string] => {
    if (typeof value !== 'string' || !isWellFormed(key) || !isWellFormed(value)) {
      throw new SafetensorsError(`Entry ${quote(key)} of ${metadataKey} is not a Unicode string.`)
    }
    return [key, value]
  })
  return Object.fromEntries(entries)
}

/** Bools are one byte each, 0 or 1; anything else is damage. */
export function checkBools(name: string, bytes: Uint8Array): void {
  const index = bytes.findIndex((byte) => byte > 1)
  if (index >= 0) {
    throw new SafetensorsError(
      `Element ${index} of bool tensor ${quote(name)} is ${bytes[index]}, not 0 or 1.`,
    )
  }
}
