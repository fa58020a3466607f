import type { Accumulators } from '../loops/combine.ts'

/** Rows and columns of the register tile: its twelve sums are what an engine keeps in registers. */
export const tileRows = 4
export const tileColumns = 3

/** Packed panels. Floats of either width are packed as doubles, which need no conversion. */
export type Panels = Float64Array | Int32Array

/**
 * Adds `Σ over depth of left[k] ⊗ right[k]` to the tile of `acc` at `o`, whose rows are `stride`
 * apart. The panels hold `tileRows` and `tileColumns` values for each k, from `i` and `j` on.
 */
export type MicroKernel = (
  depth: number,
  left: Panels,
  i: number,
  right: Panels,
  j: number,
  acc: Accumulators,
  o: number,
  stride: number,
) => void

/** Float tiles, in doubles. The sums are locals, because only locals live in registers. */
export const multiplyFloats: MicroKernel = (depth, left, i, right, j, acc, o, stride) => {
  let [s00, s01, s02] = [0, 0, 0]
  let [s10, s11, s12] = [0, 0, 0]
  let [s20, s21, s22] = [0, 0, 0]
  let [s30, s31, s32] = [0, 0, 0]
  for (let k = 0; k < depth; k++) {
    const a0 = left[i] ?? 0
    const a1 = left[i + 1] ?? 0
    const a2 = left[i + 2] ?? 0
    const a3 = left[i + 3] ?? 0
    const b0 = right[j] ?? 0
    const b1 = right[j + 1] ?? 0
    const b2 = right[j + 2] ?? 0
    s00 += a0 * b0
    s01 += a0 * b1
    s02 += a0 * b2
    s10 += a1 * b0
    s11 += a1 * b1
    s12 += a1 * b2
    s20 += a2 * b0
    s21 += a2 * b1
    s22 += a2 * b2
    s30 += a3 * b0
    s31 += a3 * b1
    s32 += a3 * b2
    i += tileRows
    j += tileColumns
  }
  addRow(acc, o, s00, s01, s02)
  addRow(acc, o + stride, s10, s11, s12)
  addRow(acc, o + 2 * stride, s20, s21, s22)
  addRow(acc, o + 3 * stride, s30, s31, s32)
}

function addRow(acc: Accumulators, o: number, s0: number, s1: number, s2: number): void {
  acc[o] = (acc[o] ?? 0) + s0
  acc[o + 1] = (acc[o + 1] ?? 0) + s1
  acc[o + 2] = (acc[o + 2] ?? 0) + s2
}

/** Integer tiles: products and sums wrap at 32 bits. Rare, so written as plain loops. */
export const multiplyIntegers: MicroKernel = (depth, left, i, right, j, acc, o, stride) => {
  for (let r = 0; r < tileRows; r++) {
    for (let c = 0; c < tileColumns; c++) {
      let sum = 0
      for (let k = 0; k < depth; k++) {
        sum =
          (sum + Math.imul(left[i + k * tileRows + r] ?? 0, right[j + k * tileColumns + c] ?? 0)) |
          0
      }
      const at = o + r * stride + c
      acc[at] = (acc[at] ?? 0) + sum
    }
  }
}
