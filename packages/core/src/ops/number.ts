import type { DType } from '../dtype.ts'
import { DTypeError } from '../errors.ts'
import { Node, Tensor } from '../graph/tensor.ts'

/**
 * A JavaScript number as a scalar tensor that may change from run to run without a new plan.
 */
export function numberTensor<D extends DType>(value: number, dtype: D): Tensor<D> {
  return new Tensor<D>(new Node({ kind: 'number', value }, [], { shape: [], dtype }))
}

/** Throws DTypeError unless both have one dtype: tensors never promote each other. */
export function checkSameDType(op: string, a: DType, b: DType): void {
  if (a === b) return
  throw new DTypeError(op, {
    got: `a is ${a} and b is ${b}`,
    wanted: 'one dtype',
    hint: `cast one side, for example b.cast('${a}')`,
  })
}
