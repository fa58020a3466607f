import type { RangeData, ScanKernel } from '@tensorweft/core'

/** A scan in which points lie outside of all rows where ranges do not hold: chunks with a tail. */
export interface ScanPass extends ScanKernel {
  readonly within?: readonly RangeData[]
}
