import type { DType } from '../dtype.ts'
import type { Tensor } from '../graph/tensor.ts'
import { defineOp } from './define-op.ts'

const stopGradientOp = defineOp<'x', Record<never, never>>({
  name: 'stopGradient',
  infer: ({ x }) => x,
  lower: ({ x }, { at }) => x.at(...at),
  vjp: () => ({}),
})

/** `x` as a constant: no gradient flows back through it. */
export function stopGradient<D extends DType>(x: Tensor<D>): Tensor<D> {
  return stopGradientOp.apply({ x }, {})
}
