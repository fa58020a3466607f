import { castNumber, type DType, float16Bits, float16Value, isFloat } from '@tensorweft/core'

/** A number as a float dtype holds it; as it is for other dtypes. */
export function roundedTo(dtype: DType, value: number): number {
  if (!isFloat(dtype)) return value
  return dtype === 'float16' ? float16Value(float16Bits(value)) : castNumber(value, dtype)
}
