import type { DType } from '../dtype.ts'
import type { ReduceOptions, Tensor } from '../graph/tensor.ts'
import type { Combiner } from '../ir/combiner.ts'
import { defineOp, type Op } from './define-op.ts'
import { keptShape, mergeIndices, reducedExtents, withOnes } from './reduction.ts'
import { reshape } from './reshape.ts'

/** An op that combines elements over axes. */
export type ReductionOp = Op<'x', { axes: readonly number[] }>

/** Defines a reduction; its gradient by x is written for normalised axes, `y` is the result. */
export function defineReduction(
  combiner: Combiner,
  vjp: (dy: Tensor, x: Tensor, axes: readonly number[], y: Tensor) => Tensor,
): ReductionOp {
  return defineOp({
    name: combiner,
    infer: ({ x }, { axes }) => ({ shape: keptShape(x.shape, axes), dtype: x.dtype }),
    lower: ({ x }, { at, attributes: { axes }, reduce }) =>
      reduce(combiner, reducedExtents(x.shape, axes), (inner) =>
        x.at(...mergeIndices(x.shape, axes, at, inner)),
      ),
    vjp: (dy, { x }, { attributes: { axes }, output }) => ({ x: vjp(dy, x, axes, output) }),
  })
}

/** Applies a reduction over normalised axes. */
export function reduceOver<D extends DType>(
  op: ReductionOp,
  x: Tensor<D>,
  axes: readonly number[],
  { keepDims }: ReduceOptions,
): Tensor<D> {
  const y = op.apply<D>({ x }, { axes })
  return keepDims ? reshape(y, withOnes(x.shape, axes)) : y
}
