import type { RawDType } from './dtypes.ts'

export interface TypedTensor<D extends string, Data> {
  readonly dtype: D
  /** Sizes, outermost axis first; `[]` is a scalar. */
  readonly shape: readonly number[]
  /** All elements in row-major order. */
  readonly data: Data
}

/**
 * A tensor as plain data. Names in lower case are the framework's dtypes; float16 is held as the
 * bits of its elements, bool as bytes 0 and 1. Every other dtype of the format keeps its own name
 * in capitals (`BF16`, `I64`, …) and its data as little-endian bytes.
 */
export type SafetensorsTensor =
  | TypedTensor<'float32', Float32Array>
  | TypedTensor<'float64', Float64Array>
  | TypedTensor<'float16', Uint16Array>
  | TypedTensor<'int32', Int32Array>
  | TypedTensor<'uint8', Uint8Array>
  | TypedTensor<'bool', Uint8Array>
  | TypedTensor<RawDType, Uint8Array>

/** What a safetensors file holds. */
export interface SafetensorsFile {
  /** By name, in the order of the header. */
  readonly tensors: Map<string, SafetensorsTensor>
  /** Free text about the file, such as `{ format: 'pt' }`; empty where the file has none. */
  readonly metadata: Readonly<Record<string, string>>
}
