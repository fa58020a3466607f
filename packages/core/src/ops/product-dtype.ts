import { type DType, isFloat } from '../dtype.ts'
import { DTypeError } from '../errors.ts'

/** Throws DTypeError for dtypes of which sums of products would mean little: uint8 and bool. */
export function checkProductDType(op: string, dtype: DType): void {
  if (isFloat(dtype) || dtype === 'int32') return
  throw new DTypeError(op, {
    got: `tensors of ${dtype}`,
    wanted: 'a float or int32',
    hint: "cast them: x.cast('int32')",
  })
}
