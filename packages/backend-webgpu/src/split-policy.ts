import { type ContractKernel, type SplitPolicy, sizeOf } from '@tensorweft/core'
import { loadsAlongRows } from './kernels/row-layout.ts'

/**
 * When a reduction becomes one of partial results and one that combines them: where its results
 * are so few that most of a device would wait for a few workgroups. By the shape alone, with
 * numbers for large devices (some hundred thousand invocations at once), on which one more dispatch
 * costs as much as one workgroup needs for some ten thousand terms: results are the same anywhere.
 */
export const splitPolicy: SplitPolicy = {
  chunks: (kernel, results, terms) => {
    if (kernel.kind === 'contract') return chunksOfProduct(kernel, results, terms)
    return loadsAlongRows(kernel) ? chunksOfColumns(results, terms) : chunksOfRows(results, terms)
  },
}

/** One workgroup of 256 takes a row, or a chunk of one, and reads it in vectors. */
function chunksOfRows(results: number, terms: number) {
  if (results > 256 || terms < 2 ** 15) return undefined
  return atMost(Math.ceil(1024 / results), terms / 4096)
}

/** One workgroup takes 32 columns with eight lanes each, which walk them in long steps. */
function chunksOfColumns(results: number, terms: number) {
  const workgroups = Math.ceil(results / 32)
  if (workgroups > 1024 || terms < 1024) return undefined
  return atMost(Math.ceil(4096 / workgroups), terms / 128)
}

/** What tiles of 64 × 64 leave idle is filled by chunks of K of at least 256. */
function chunksOfProduct({ axes, batch, m, n }: ContractKernel, results: number, depth: number) {
  const extent = (group: readonly number[]) => sizeOf(group.map((axis) => axes[axis] ?? 1))
  const tiles = extent(batch) * Math.ceil(extent(m) / 64) * Math.ceil(extent(n) / 64)
  if (tiles > 128) return undefined
  // Longer ones where results are many, of which each chunk stores as many partial ones.
  const chunks = atMost(Math.ceil(256 / tiles), depth / Math.max(256, results / 32))
  // Fewer do not pay for the second kernel; what is ragged costs its loads the vectors.
  return chunks && { ...chunks, least: 4, isRagged: false }
}

function atMost(wanted: number, possible: number) {
  const most = Math.min(wanted, Math.floor(possible))
  return most < 2 ? undefined : { least: 2, most, isRagged: true }
}
