import type { DType } from '../dtype.ts'
import type { Tensor } from '../graph/tensor.ts'
import { gcd } from '../index-algebra/index.ts'
import { defineOp, type Op } from './define-op.ts'

// Sampling along an axis and its adjoint, each the other's gradient: integer arithmetic on indices,
// which turns into plain strides where the sizes are multiples of each other.

/** Position i of the result sees ⌊(i · scale + offset) / divisor⌋. */
export type Sampling = {
  readonly scale: number
  readonly offset: number
  readonly divisor: number
}

type SamplingAttributes = Sampling & {
  readonly axis: number
  /** Of the axis in the result. */
  readonly size: number
}

/** y[i] = x[⌊(i · scale + offset) / divisor⌋], 0 outside of x. */
const sampleOp: Op<'x', SamplingAttributes> = defineOp({
  name: 'sample',
  infer: ({ x }, { axis, size }) => ({ shape: x.shape.with(axis, size), dtype: x.dtype }),
  lower: ({ x }, { at, attributes, space, guarded }) => {
    const { axis, scale, offset, divisor } = attributes
    const i = at[axis] ?? space.constant(0)
    const from = i.mul(scale).add(offset).floorDiv(divisor)
    const range = { index: from, low: 0, high: x.shape[axis] ?? 0 }
    return guarded([range], () => x.at(...at.with(axis, from)), 0)
  },
  vjp: (dy, { x }, { attributes }) => ({
    x: spreadOp.apply({ dy }, { ...attributes, size: x.shape[attributes.axis] ?? 0 }),
  }),
})

/** x[j] = Σ dy[i] over all i that see j: those from ⌈(j · divisor − offset) / scale⌉ on. */
const spreadOp: Op<'dy', SamplingAttributes> = defineOp({
  name: 'sampleGradient',
  infer: ({ dy }, { axis, size }) => ({ shape: dy.shape.with(axis, size), dtype: dy.dtype }),
  lower: ({ dy }, { at, attributes, space, guarded, reduce }) => {
    const { axis, scale, offset, divisor } = attributes
    const j = at[axis] ?? space.constant(0)
    const first = j
      .mul(divisor)
      .add(scale - 1 - offset)
      .floorDiv(scale)
    return reduce('sum', [Math.ceil(divisor / scale)], ([k = space.constant(0)]) => {
      const i = first.add(k)
      const ranges = [
        { index: i, low: 0, high: dy.shape[axis] ?? 0 },
        { index: i.mul(scale).sub(j.mul(divisor)), low: -offset, high: divisor - offset },
      ]
      return guarded(ranges, () => dy.at(...at.with(axis, i)), 0)
    })
  },
  vjp: (d, { dy }, { attributes }) => ({
    dy: sampleOp.apply({ x: d }, { ...attributes, size: dy.shape[attributes.axis] ?? 0 }),
  }),
})

/** `x` along `axis` at `size` positions, 0 where they lie outside. The scale is positive. */
export function sample<D extends DType>(
  x: Tensor<D>,
  axis: number,
  size: number,
  { scale, offset, divisor }: Sampling,
): Tensor<D> {
  // A common factor of scale and divisor moves no position; without it indices are simpler.
  const factor = gcd(scale, divisor)
  return sampleOp.apply<D>(
    { x },
    {
      axis,
      size,
      scale: scale / factor,
      offset: Math.floor(offset / factor),
      divisor: divisor / factor,
    },
  )
}
