import type { DType } from '../dtype.ts'
import type { Tensor } from '../graph/tensor.ts'
import { reshape } from './reshape.ts'
import { stridedSlice } from './strided-slice.ts'

/** The diagonals of square matrices: `x [..., n, n]` → `[..., n]`. */
export function diagonal<D extends DType>(x: Tensor<D>): Tensor<D> {
  const outer = x.shape.slice(0, -2)
  const n = x.shape.at(-1) ?? 0
  const flat = reshape(x, [...outer, n * n])
  const all = flat.shape.map(() => null)
  return stridedSlice(flat, all, all, [...outer.map(() => 1), n + 1])
}
