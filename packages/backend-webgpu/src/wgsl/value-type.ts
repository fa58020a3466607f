import { BackendError, type DType } from '@tensorweft/core'

/**
 * dtypes that WGSL can hold; bytes are computed in 32 bits, float16 is held as its bits where f16 is
 * no type.
 */
export type ValueDType = Exclude<DType, 'float64'>

/** dtypes that instructions work on. */
export type ComputedDType = Exclude<ValueDType, 'float16'>

export const valueDTypes: readonly ValueDType[] = ['float32', 'float16', 'int32', 'uint8', 'bool']

const types: Readonly<Record<ValueDType, string>> = {
  float32: 'f32',
  float16: 'u32',
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
    hint: 'cast to float32, or compute float64 on the cpu backend',
  })
}

/** The WGSL type that values of a dtype have in a program. */
export function typeOf(dtype: DType): string {
  return types[valueDType(dtype)]
}

/** How many elements share a word of memory. */
export function elementsPerWord(dtype: DType): 1 | 2 | 4 {
  if (dtype === 'float16') return 2
  return dtype === 'uint8' || dtype === 'bool' ? 4 : 1
}

/** Whether elements are parts of words. */
export function isPacked(dtype: DType): boolean {
  return elementsPerWord(dtype) > 1
}
