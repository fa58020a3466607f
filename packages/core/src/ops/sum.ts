import type { DType } from '../dtype.ts'
import { ShapeError } from '../errors.ts'
import { linkOp } from '../graph/link-op.ts'
import type { Axes, ReduceOptions, Tensor } from '../graph/tensor.ts'
import { checkShape, formatShape, type Shape, sameShape } from '../shape.ts'
import { cast } from './cast.ts'
import { checkTensor } from './check-tensor.ts'
import { type AnyTensor, defineOp } from './define-op.ts'
import { defineReduction, type ReductionOp, reduceOver } from './define-reduction.ts'
import { axesOf, gatherIndex, withOnes } from './reduction.ts'
import { reshape } from './reshape.ts'

// Sum and broadcasting are each other's gradient.

const sumOp: ReductionOp = defineReduction('sum', (dy, x, axes) => spread(dy, x.shape, axes))

const broadcastToOp = defineOp<'x', { shape: Shape }>({
  name: 'broadcastTo',
  infer: ({ x }, { shape }) => ({ shape, dtype: x.dtype }),
  lower: ({ x }, { at }) => x.at(...gatherIndex(x.shape, at)),
  vjp: (dy, { x }) => ({ x: sumTo(dy, x.shape) }),
})

/**
 * Sum over `axes` (default: all). `x`: any shape; int32 wraps, bools give int32, uint8 stays.
 * Over an empty axis the sum is 0.
 *
 * @example
 * ```ts
 * import { sum, tensor } from '@tensorweft/core'
 *
 * const rows = sum(tensor([[1, 2], [3, 4]]), 1)
 * ```
 */
export function sum<D extends Exclude<DType, 'bool'>>(
  x: Tensor<D>,
  axes?: Axes,
  options?: ReduceOptions,
): Tensor<D>
export function sum(x: Tensor<'bool'>, axes?: Axes, options?: ReduceOptions): Tensor<'int32'>
export function sum(x: AnyTensor, axes?: Axes, options?: ReduceOptions): AnyTensor
export function sum(x: AnyTensor, axes: Axes = null, options: ReduceOptions = {}): AnyTensor {
  const list = axesOf('sum', x, axes)
  const counted = x.dtype === 'bool' ? cast(x, 'int32') : x
  return reduceOver<DType>(sumOp, counted, list, options)
}

/**
 * `x` repeated along new leading axes and along axes of size 1, as NumPy broadcasts.
 *
 * @throws ShapeError if `x` does not broadcast to `shape`.
 */
export function broadcastTo<D extends DType>(x: Tensor<D>, shape: Shape): Tensor<D> {
  checkTensor('broadcastTo', 'x', x)
  checkShape('broadcastTo', shape)
  if (sameShape(x.shape, shape)) return x
  const offset = shape.length - x.rank
  const fits = offset >= 0 && x.shape.every((n, axis) => n === 1 || n === shape[axis + offset])
  if (!fits) {
    throw new ShapeError('broadcastTo', {
      got: `x is ${formatShape(x.shape)} and shape is ${formatShape(shape)}`,
      wanted: 'equal sizes or 1 in x, counted from the last axis',
    })
  }
  return broadcastToOp.apply({ x }, { shape: [...shape] })
}

/** What a reduction of a tensor of `shape` over normalised `axes` gave, at every reduced place. */
export function spread<D extends DType>(
  x: Tensor<D>,
  shape: Shape,
  axes: readonly number[],
): Tensor<D> {
  return broadcastTo(reshape(x, withOnes(shape, axes)), shape)
}

/** Undoes a broadcast: sums over the axes that `broadcastTo` would add or repeat. */
function sumTo<D extends DType>(x: Tensor<D>, shape: Shape): Tensor<D> {
  const offset = x.rank - shape.length
  const axes = x.shape.flatMap((n, axis) =>
    axis < offset || (shape[axis - offset] === 1 && n !== 1) ? [axis] : [],
  )
  if (axes.length === 0) return x
  return reshape(sumOp.apply<D>({ x }, { axes }), shape)
}

linkOp(sum, sumOp)
