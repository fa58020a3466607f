import { type IndexData, type SortKernel, sizeOf } from '@tensorweft/core'
import { blockPoints, type SortPass } from './kernels/sort-pass.ts'
import type { Scratch } from './scratch.ts'

/**
 * Rows that no workgroup can hold are sorted block by block, then merged: with each pass, runs are
 * twice as long.
 */
export function splitSort(kernel: SortKernel, scratch: Scratch): readonly SortPass[] {
  const { axes, outer, operands, store, label } = kernel
  const length = sizeOf(axes.slice(outer))
  const size = 2 * sizeOf(axes)
  if (length <= blockPoints || size === 0) return [kernel]
  let from = scratch('int32', size)
  // Two merges and more take turns.
  let to = length <= 2 * blockPoints ? from : scratch('int32', size)
  const passes: SortPass[] = [
    {
      ...kernel,
      label: `${label} (blocks)`,
      operands: [...operands, from],
      store: { ...store, operand: operands.length },
      pass: 'blocks',
    },
  ]
  const result = operands[store.operand] ?? from
  for (let run = blockPoints; run < length; run *= 2) {
    const isLast = 2 * run >= length
    passes.push({
      ...kernel,
      label: `${label} (merge)`,
      axes: [...axes, run],
      operands: [from, isLast ? result : to],
      program: [{ op: 'load', dtype: 'int32', operand: 0, index: firstEntry, within: [] }],
      store: { value: 0, operand: 1, index: store.index },
      pass: isLast ? 'last' : 'merge',
    })
    ;[from, to] = [to, from]
  }
  return passes
}

const firstEntry: IndexData = { constant: 0, terms: [], digits: [] }
