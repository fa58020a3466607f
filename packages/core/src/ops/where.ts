import type { DType } from '../dtype.ts'
import type { Operand, Tensor } from '../graph/tensor.ts'
import { broadcastShapes } from '../shape.ts'
import { cast } from './cast.ts'
import { checkTyped, isBool } from './check-dtype.ts'
import { broadcastOperands } from './define-elementwise.ts'
import { defineOp } from './define-op.ts'
import { broadcastTo } from './sum.ts'

const whereOp = defineOp<'condition' | 'x' | 'y', Record<never, never>>({
  name: 'where',
  infer: ({ x }) => ({ shape: x.shape, dtype: x.dtype }),
  lower: ({ condition, x, y }, { at, scalar }) =>
    scalar.where(condition.at(...at), x.at(...at), y.at(...at)),
  vjp: (dy, { condition }) => {
    const mask = cast(condition, 'bool')
    return { x: where(mask, dy, 0), y: where(mask, 0, dy) }
  },
})

/**
 * `x` where the condition holds, else `y`; all three broadcast. What is not chosen has no influence
 * on value or gradient, NaN included.
 */
export function where<D extends DType>(
  condition: Tensor<'bool'>,
  x: number,
  y: Operand<D>,
): Tensor<D>
export function where<D extends DType>(
  condition: Tensor<'bool'>,
  x: Operand<D>,
  y: Operand<NoInfer<D>>,
): Tensor<D>
export function where<D extends DType>(
  condition: Tensor<'bool'>,
  x: Operand<D>,
  y: Operand<D>,
): Tensor<D> {
  checkTyped('where', 'condition', condition, isBool)
  const { a, b } = broadcastOperands('where', x, y, ['x', 'y'])
  const shape = broadcastShapes('where', condition.shape, a.shape)
  return whereOp.apply<D>(
    {
      condition: broadcastTo(condition, shape),
      x: broadcastTo(a, shape),
      y: broadcastTo(b, shape),
    },
    {},
  )
}
