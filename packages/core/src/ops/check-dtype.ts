import { type DType, dtypes, isFloat } from '../dtype.ts'
import { DTypeError } from '../errors.ts'
import type { Tensor } from '../graph/tensor.ts'
import { checkTensor } from './check-tensor.ts'

/** Throws DTypeError unless `accepts` holds for the dtype of `name`; `others` are more advice. */
export function checkDType(
  op: string,
  name: string,
  dtype: DType,
  accepts: (dtype: DType) => boolean,
  others = '',
): void {
  if (accepts(dtype)) return
  const accepted = dtypes.filter(accepts)
  throw new DTypeError(op, {
    got: `${name} is ${dtype}`,
    wanted: accepted.join(' or '),
    hint: `cast it, for example ${name}.cast('${accepted[0]}')${others}`,
  })
}

export const isBool = (dtype: DType): boolean => dtype === 'bool'
export const isInt32 = (dtype: DType): boolean => dtype === 'int32'
/** Numbers, as which bools do not count. */
export const isNumber = (dtype: DType): boolean => dtype !== 'bool'
/** dtypes of which sums and products mean much: not uint8 and bool. */
export const hasProducts = (dtype: DType): boolean => isFloat(dtype) || dtype === 'int32'

/** Throws unless the argument `name` is a tensor, and of a dtype for which `accepts` holds. */
export function checkTyped(
  op: string,
  name: string,
  x: Tensor<DType>,
  accepts: (dtype: DType) => boolean,
): void {
  checkDType(op, name, checkTensor(op, name, x).dtype, accepts)
}

/** Throws DTypeError for what is the name of no dtype. */
export function checkKnownDType(op: string, dtype: DType): void {
  if (dtypes.includes(dtype)) return
  throw new DTypeError(op, { got: `dtype ${String(dtype)}`, wanted: `one of ${dtypes.join(', ')}` })
}
