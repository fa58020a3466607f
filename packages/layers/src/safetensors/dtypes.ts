/**
 * Bits per element of every dtype of the format, under the names that its headers use.
 * The types below 8 bits pack several elements into a byte.
 */
const bitsPerElement = {
  BOOL: 8,
  F4: 4,
  F6_E2M3: 6,
  F6_E3M2: 6,
  U8: 8,
  I8: 8,
  F8_E5M2: 8,
  F8_E4M3: 8,
  F8_E8M0: 8,
  F8_E4M3FNUZ: 8,
  F8_E5M2FNUZ: 8,
  I16: 16,
  U16: 16,
  F16: 16,
  BF16: 16,
  I32: 32,
  U32: 32,
  F32: 32,
  C64: 64,
  I64: 64,
  U64: 64,
  F64: 64,
} as const

/** A dtype as a safetensors header spells it. */
export type SafetensorsDType = keyof typeof bitsPerElement

export function isSafetensorsDType(name: string): name is SafetensorsDType {
  return Object.hasOwn(bitsPerElement, name)
}

export function bitsOf(dtype: SafetensorsDType): number {
  return bitsPerElement[dtype]
}

/** The framework's dtypes: the name in the format and the typed array that holds the elements. */
const typedFormats = [
  { dtype: 'float32', name: 'F32', array: Float32Array },
  { dtype: 'float64', name: 'F64', array: Float64Array },
  { dtype: 'float16', name: 'F16', array: Uint16Array },
  { dtype: 'int32', name: 'I32', array: Int32Array },
  { dtype: 'uint8', name: 'U8', array: Uint8Array },
  { dtype: 'bool', name: 'BOOL', array: Uint8Array },
] as const

type TypedFormat = (typeof typedFormats)[number]
export type TypedFormatName = TypedFormat['name']

/** The dtypes of the format that stay plain bytes, because the framework has none like them. */
export type RawDType = Exclude<SafetensorsDType, TypedFormatName>

export interface DTypeFormat {
  /** The framework's name, or that of the format where the framework has none. */
  readonly dtype: string
  readonly name: SafetensorsDType
  readonly array: TypedFormat['array']
}

/** What tensors of a dtype of the format become. */
export function formatNamed(name: SafetensorsDType): DTypeFormat {
  const format = typedFormats.find((each) => each.name === name)
  return format ?? { dtype: name, name, array: Uint8Array }
}

/** How a tensor's dtype is stored, or undefined for one that the format does not have. */
export function formatOf(dtype: string): DTypeFormat | undefined {
  const format = isSafetensorsDType(dtype) ? formatNamed(dtype) : undefined
  return [format, ...typedFormats].find((each) => each?.dtype === dtype)
}

/**
 * Bytes that `shape` takes in `dtype`, or undefined where the number is not exact in a double or
 * the elements do not fill whole bytes.
 */
export function byteLengthOf(
  dtype: SafetensorsDType,
  shape: readonly number[],
): number | undefined {
  let bits: number = bitsOf(dtype)
  for (const size of shape) {
    bits *= size
    if (!Number.isSafeInteger(bits)) return undefined
  }
  return bits % 8 === 0 ? bits / 8 : undefined
}
