import { type IndexData, type Kernel, type Store, storesOf, stridesOf } from '@tensorweft/core'
import { isByte } from '../wgsl/value-type.ts'

/** The stores of a kernel that write single bytes. */
export function byteStores(kernel: Kernel): Store[] {
  return storesOf(kernel).filter(({ operand }) =>
    isByte(kernel.operands[operand]?.dtype ?? 'float32'),
  )
}

/** Whether an index numbers the points of `axes` in row-major order, from 0 on. */
export function isRowMajor(
  index: IndexData,
  axes: readonly number[],
  sizes: readonly number[],
): boolean {
  if (index.constant !== 0 || index.digits.length > 0) return false
  const strides = stridesOf(axes.map((axis) => sizes[axis] ?? 1))
  const coefficient = (axis: number) =>
    index.terms.reduce((sum, term) => sum + (term.axis === axis ? term.coefficient : 0), 0)
  const isOver = index.terms.every(({ axis }) => axes.includes(axis))
  return (
    isOver && axes.every((axis, k) => (sizes[axis] ?? 1) <= 1 || coefficient(axis) === strides[k])
  )
}
