import type { TileRates } from './tiles/tile-rates.ts'

/** A device of the caller's own, as `GPUAdapter.requestDevice` gives it. */
export interface DeviceLike {
  readonly limits: object
  readonly queue: object
  readonly lost: Promise<unknown>
  destroy(): void
}

export interface WebGpuOptions {
  /**
   * Device to compute on; it stays the caller's, who destroys it. Kernels use `subgroups`,
   * `shader-f16` and `timestamp-query` where it was made with them. Default: one of an adapter that
   * is asked for, with these features and that adapter's limits on memory.
   */
  readonly device?: DeviceLike
  /** Which adapter to ask for where there are several. */
  readonly powerPreference?: 'high-performance' | 'low-power'
  /** Whether to ask for an adapter that computes in software, as browsers may have for tests. */
  readonly forceFallbackAdapter?: boolean
  /**
   * What an earlier program was told by `onTileRates`: then nothing is measured. Rates of another
   * adapter or release are passed over.
   */
  readonly tileRates?: TileRates
  /**
   * Is told how fast the adapter multiplies with each shape of tile, once that is measured: in the
   * background, a second after the first plan with a large contraction has been compiled. Adapters
   * in software are not measured.
   */
  readonly onTileRates?: (rates: TileRates) => void
}
