import type { DType } from '../dtype.ts'
import type { Node, Tensor } from '../graph/tensor.ts'
import { defineOp } from './define-op.ts'

const noGradients = () => ({})

const stopGradientOp = defineOp<'x', Record<never, never>>({
  name: 'stopGradient',
  infer: ({ x }) => x,
  lower: ({ x }, { at }) => x.at(...at),
  vjp: noGradients,
})

/** `x` as a constant: no gradient flows back through it. */
export function stopGradient<D extends DType>(x: Tensor<D>): Tensor<D> {
  return stopGradientOp.apply({ x }, {})
}

/** Whether a node is what `stopGradient` gives. */
export function isStopped({ source }: Node): boolean {
  return source.kind === 'op' && source.op.vjp === noGradients
}
