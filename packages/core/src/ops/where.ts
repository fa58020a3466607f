import type { DType } from '../dtype.ts'
import { DTypeError } from '../errors.ts'
import type { Operand, Tensor } from '../graph/tensor.ts'
import { broadcastShapes } from '../shape.ts'
import { cast } from './cast.ts'
import { broadcastOperands } from './define-elementwise.ts'
import { defineOp } from './define-op.ts'
import { checkSameDType } from './number.ts'
import { broadcastTo } from './sum.ts'

const whereOp = defineOp<'condition' | 'x' | 'y', Record<never, never>>({
  name: 'where',
  infer: ({ condition, x, y }) => {
    if (condition.dtype !== 'bool') {
      throw new DTypeError('where', { got: `condition is ${condition.dtype}`, wanted: 'bool' })
    }
    checkSameDType('where', x.dtype, y.dtype)
    return { shape: x.shape, dtype: x.dtype }
  },
  lower: ({ condition, x, y }, { at, scalar }) =>
    scalar.where(condition.at(...at), x.at(...at), y.at(...at)),
  vjp: (dy, { condition }) => {
    const mask = cast(condition, 'bool')
    return { x: where(mask, dy, 0), y: where(mask, 0, dy) }
  },
  samples: [
    {
      inputs: {
        condition: { shape: [2, 3], dtype: 'bool' },
        x: { shape: [2, 3] },
        y: { shape: [2, 3] },
      },
    },
  ],
})

/**
 * `x` where the condition holds, else `y`; all three broadcast. What is not chosen has no influence
 * on value or gradient, NaN included.
 */
export function where<D extends DType>(
  condition: Tensor<'bool'>,
  x: Operand<D>,
  y: Operand<D>,
): Tensor<D> {
  const { a, b } = broadcastOperands('where', x, y)
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
