import { type DType, isFloat } from '../dtype.ts'
import type { Tensor } from '../graph/tensor.ts'
import { type AnyTensor, defineOp } from './define-op.ts'

const castOp = defineOp<'x', { dtype: DType }>({
  name: 'cast',
  infer: ({ x }, { dtype }) => ({ shape: x.shape, dtype }),
  lower: ({ x }, { scalar, at, attributes }) => scalar.cast(x.at(...at), attributes.dtype),
  vjp: (dy, { x }) => ({ x: isFloat(x.dtype) ? cast(dy, x.dtype) : undefined }),
  samples: [
    { inputs: { x: { shape: [2, 3], range: [-300, 300] } }, attributes: { dtype: 'int32' } },
    { inputs: { x: { shape: [5], dtype: 'int32' } }, attributes: { dtype: 'float32' } },
  ],
})

/**
 * `x` with another dtype. Float to integer truncates and saturates, NaN gives 0; to bool, whatever
 * is not 0 is true.
 */
export function cast<E extends DType>(x: AnyTensor, dtype: E): Tensor<E>
export function cast(x: AnyTensor, dtype: DType): AnyTensor {
  if (x.dtype === dtype) return x
  return castOp.apply({ x }, { dtype })
}
