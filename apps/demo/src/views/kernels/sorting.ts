import type { KernelReport } from '../../worker/kernels/measurement.ts'

export type SortKey = 'number' | 'elapsedMs' | 'byteLength' | 'operations'

export interface Sorting {
  readonly by: SortKey
  readonly descending: boolean
}

/** Kernels in another order; those that are alike stay in the order in which they run. */
export function sorted(kernels: readonly KernelReport[], { by, descending }: Sorting) {
  const sign = descending ? -1 : 1
  return kernels.toSorted((a, b) => sign * ((a[by] ?? -1) - (b[by] ?? -1)))
}

/** What a click on the heading of a column does: first the largest, for numbers the first. */
export function resorted({ by, descending }: Sorting, clicked: SortKey): Sorting {
  if (by === clicked) return { by, descending: !descending }
  return { by: clicked, descending: clicked !== 'number' }
}
