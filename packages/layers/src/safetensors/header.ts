import type { SafetensorsDType } from './dtypes.ts'

/** Where one tensor lies; offsets count from the end of the header. */
export interface TensorEntry {
  readonly name: string
  readonly dtype: SafetensorsDType
  readonly shape: readonly number[]
  readonly begin: number
  readonly end: number
}

export interface Header {
  /** In the order of the header, which need not be that of the data. */
  readonly entries: readonly TensorEntry[]
  readonly metadata: Readonly<Record<string, string>>
}

/** Bytes of the header's length, a little-endian unsigned integer at the start of the file. */
export const lengthBytes = 8

/** Other readers refuse longer headers, so that a damaged length cannot ask for all memory. */
export const maximumHeaderLength = 100_000_000

/** The key of the header that is no tensor. */
export const metadataKey = '__metadata__'
