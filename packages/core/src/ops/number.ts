import { castNumber, type DType, isFloat } from '../dtype.ts'
import { ArgumentError, DTypeError } from '../errors.ts'
import { Node, Tensor } from '../graph/tensor.ts'
import { checkDType, hasProducts } from './check-dtype.ts'
import { checkTensor } from './check-tensor.ts'

/**
 * A JavaScript number as a scalar tensor that may change from run to run without a new plan.
 */
export function numberTensor<D extends DType>(value: number, dtype: D): Tensor<D> {
  return new Tensor<D>(new Node({ kind: 'number', value }, [], { shape: [], dtype }))
}

/** Throws ArgumentError for a number that `dtype`, if it is one of integers, does not hold. */
export function checkFits(op: string, name: string, value: number, dtype: DType): void {
  if (isFloat(dtype) || castNumber(value, dtype) === value) return
  throw new ArgumentError(op, {
    got: `${name} ${value} for ${dtype}`,
    wanted: dtype === 'bool' ? '0 or 1' : 'an integer within its range',
    hint: "cast('float32'), or round the number",
  })
}

/** What the caller of an op calls two arguments. */
export type Names = readonly [a: string, b: string]

/** Throws DTypeError unless both have one dtype: tensors never promote each other. */
export function checkSameDType(op: string, a: DType, b: DType, names: Names = ['a', 'b']): void {
  if (a === b) return
  // Neither to bool nor from floats to integers, which would lose the numbers.
  const isFirst = a === 'bool' || (isFloat(b) && !isFloat(a))
  throw new DTypeError(op, {
    got: `${names[0]} is ${a} and ${names[1]} is ${b}`,
    wanted: 'one dtype',
    hint: `cast one side, for example ${names[isFirst ? 0 : 1]}.cast('${isFirst ? b : a}')`,
  })
}

/** Throws DTypeError unless both have one dtype that has sums of products. */
export function checkFactors(
  op: string,
  a: Tensor<DType>,
  b: Tensor<DType>,
  names: Names = ['a', 'b'],
): void {
  checkSameDType(op, checkTensor(op, names[0], a).dtype, checkTensor(op, names[1], b).dtype, names)
  checkDType(op, names[0], a.dtype, hasProducts)
}
