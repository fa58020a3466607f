import { BackendError, type DType } from '@tensorweft/core'
import { f32x4, i32x4 } from '../assembler/index.ts'
import type { Vector } from './vector.ts'

/**
 * dtypes that kernels take. In registers every value has four lanes of 32 bits: float32 and int32
 * as they are, uint8 as an integer from 0 to 255, bool as a mask of all ones or all zeros.
 */
export type LaneDType = 'float32' | 'int32' | 'uint8' | 'bool'

export const laneDTypes: readonly LaneDType[] = ['float32', 'int32', 'uint8', 'bool']

export function laneDType(dtype: DType): LaneDType {
  if (dtype !== 'float64' && dtype !== 'float16') return dtype
  throw new BackendError('wasm.compile', {
    got: `a kernel on ${dtype} values`,
    wanted: `one of ${laneDTypes.join(', ')}`,
    hint: 'cast to float32, or compute float64 on the cpu backend',
  })
}

/** A number in all lanes. */
export function constantOf(dtype: LaneDType, value: number): Vector {
  if (dtype === 'float32') return f32x4.constSplat(value)
  return i32x4.constSplat(dtype === 'bool' && value !== 0 ? -1 : value)
}
