import { type Kernel, type Store, storesOf } from '@tensorweft/core'
import { isPacked } from '../wgsl/value-type.ts'

/** The stores of a kernel that write parts of words. */
export function packedStores(kernel: Kernel): Store[] {
  return storesOf(kernel).filter(({ operand }) =>
    isPacked(kernel.operands[operand]?.dtype ?? 'float32'),
  )
}
