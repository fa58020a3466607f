import { type DType, type FloatDType, isFloat } from '../dtype.ts'
import type { Tensor } from '../graph/tensor.ts'
import { checkKnownDType } from './check-dtype.ts'
import { checkTensor } from './check-tensor.ts'
import { type AnyTensor, defineOp } from './define-op.ts'

const castOp = defineOp<'x', { dtype: DType }>({
  name: 'cast',
  infer: ({ x }, { dtype }) => ({ shape: x.shape, dtype }),
  lower: ({ x }, { scalar, at, attributes }) => scalar.cast(x.at(...at), attributes.dtype),
  vjp: (dy, { x }) => ({ x: isFloat(x.dtype) ? cast(dy, x.dtype) : undefined }),
})

/**
 * `x` with another dtype. Float to integer truncates and saturates, NaN gives 0; to bool, whatever
 * is not 0 is true.
 */
export function cast<E extends DType>(x: AnyTensor, dtype: E): Tensor<E>
export function cast(x: AnyTensor, dtype: DType): AnyTensor {
  checkTensor('cast', 'x', x)
  checkKnownDType('cast', dtype)
  if (x.dtype === dtype) return x
  return castOp.apply({ x }, { dtype })
}

/** Integers and bools as float32; floats stay. */
export function toFloat(x: AnyTensor): Tensor<FloatDType> {
  return isFloat(x.dtype) ? (x as Tensor<FloatDType>) : cast(x, 'float32')
}
