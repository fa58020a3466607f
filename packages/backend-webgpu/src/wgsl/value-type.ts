import { BackendError, type DType } from '@tensorweft/core'

/** dtypes that WGSL can hold; bytes are computed in 32 bits. */
export type ValueDType = Exclude<DType, 'float64'>

export const valueDTypes: readonly ValueDType[] = ['float32', 'int32', 'uint8', 'bool']

const types: Readonly<Record<ValueDType, string>> = {
  float32: 'f32',
  int32: 'i32',
  uint8: 'u32',
  bool: 'bool',
}

/** The dtype if WGSL has it, else a BackendError. */
export function valueDType(dtype: DType): ValueDType {
  if (dtype !== 'float64') return dtype
  throw new BackendError('webgpu.compile', {
    got: 'float64 values',
    wanted: `one of ${valueDTypes.join(', ')}`,
    hint: 'compute float64 on the cpu backend, or cast to float32',
  })
}

/** The WGSL type that values of a dtype have in a program. */
export function typeOf(dtype: DType): string {
  return types[valueDType(dtype)]
}

/** Whether elements are single bytes, four of which share a word of memory. */
export function isByte(dtype: DType): boolean {
  return dtype === 'uint8' || dtype === 'bool'
}
