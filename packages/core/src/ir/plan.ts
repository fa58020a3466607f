import type { DType } from '../dtype.ts'
import type { Kernel } from './kernel.ts'

/** Version of the plan format and of the contract between core and backends. */
export const contractVersion = 2

/** A row-major array of `size` elements. */
export interface ArraySpec {
  readonly dtype: DType
  readonly size: number
}

/** Where an array that kernels touch lives while the plan runs. */
export type Slot =
  | ({ readonly in: 'input'; readonly input: number } & ArraySpec)
  | ({ readonly in: 'output'; readonly output: number } & ArraySpec)
  | ({ readonly in: 'arena'; readonly byteOffset: number } & ArraySpec)

/** An output array. With `donated`, it is written in place of that input and shares its buffer. */
export interface PlanOutput extends ArraySpec {
  readonly donated: number | undefined
}

/**
 * Kernels in the order they run, over the caller's inputs and outputs and one arena whose
 * layout is known beforehand. Plain data: it can be stored, sent to a worker and compared.
 */
export interface Plan {
  readonly version: typeof contractVersion
  readonly kernels: readonly Kernel[]
  readonly slots: readonly Slot[]
  readonly inputs: readonly ArraySpec[]
  readonly outputs: readonly PlanOutput[]
  /** dtypes of the numbers given with each run. */
  readonly scalars: readonly DType[]
  /** Bytes of scratch memory, offsets in it are multiples of `arenaAlignment`. */
  readonly arenaByteLength: number
}

export const arenaAlignment = 256
