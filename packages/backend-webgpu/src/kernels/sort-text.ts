import type { SortKernel } from '@tensorweft/core'
import { splitLines } from '../wgsl/counters.ts'
import { indexText } from '../wgsl/index-text.ts'
import type { Shader } from '../wgsl/shader.ts'
import { walkScope } from './walk-scope.ts'

/** The number of rows (u32). */
export function rowCount({ outer }: SortKernel, shader: Shader): string {
  return shader.size([...Array(outer).keys()])
}

/** The number of points of a row (u32). */
export function rowLength({ axes, outer }: SortKernel, shader: Shader): string {
  return shader.size([...axes.keys()].slice(outer))
}

/** Statements that split the number `row` into the counters of the row. */
export function rowCounters({ axes, outer }: SortKernel): string[] {
  return splitLines('row', [...Array(outer).keys()], axes, (axis) => `i${axis}`)
}

/** The statement that stores the position (i32) that comes at the point of the counters. */
export function orderText(kernel: SortKernel, shader: Shader, position: string): string {
  const { operand, index } = kernel.store
  const at = indexText(index, walkScope(kernel, shader).counters)
  return shader.arrays.store(operand, at, position)
}

/** Statements that store entry number `at`; `total` is how many there are. */
export function storeEntry(
  { store: { operand } }: SortKernel,
  { arrays }: Shader,
  at: string,
  key: string,
  position: string,
): string[] {
  return [arrays.storeWord(operand, at, key), arrays.storeWord(operand, `total + ${at}`, position)]
}
