import type { FloatDType } from '../dtype.ts'
import { ShapeError } from '../errors.ts'
import type { Tensor } from '../graph/tensor.ts'
import { formatShape, sameShape, sizeOf } from '../shape.ts'
import { add } from './add.ts'
import { checkTensor } from './check-tensor.ts'
import { defineOp } from './define-op.ts'
import { div } from './div.ts'
import { onesLike } from './full.ts'
import { mean } from './mean.ts'
import { mul } from './mul.ts'
import { checkSameDType } from './number.ts'
import { reshape } from './reshape.ts'
import { sqrt } from './sqrt.ts'
import { square } from './square.ts'
import { sub } from './sub.ts'

// What the normalisations have in common.

export interface NormOptions {
  /** Added to the variance under the root; by default 0.001. */
  readonly epsilon?: number
}

/** Mean and variance over axes, which are kept with size 1, and how far each element is off. */
export interface Moments<D extends FloatDType> {
  readonly mean: Tensor<D>
  readonly centered: Tensor<D>
  /** Divided by the number of elements. */
  readonly variance: Tensor<D>
}

/**
 * In two passes: the mean square less the squared mean would cancel where the mean is large.
 * `axes` are normalised.
 */
export function momentsOf<D extends FloatDType>(x: Tensor<D>, axes: readonly number[]): Moments<D> {
  const average = mean(x, axes, { keepDims: true })
  const centered = sub(x, average)
  const squares = mean(square(centered), axes, { keepDims: true })
  const variance = varianceOp.apply<D>({ result: squares, x, centered }, {})
  return { mean: average, centered, variance }
}

/**
 * Names the mean square of `centered`, whose gradient by `x` is that through `centered` alone: by the
 * mean it is `−2 Σ centered / n`, which is 0. The gradient of the whole thus needs no sum of it.
 */
const varianceOp = defineOp<'result' | 'x' | 'centered'>({
  name: 'variance',
  isRegion: true,
  infer: ({ result }) => result,
  lower: ({ result }, { at }) => result.at(...at),
  vjp: (dy, { result, x, centered }) => {
    const share = div(dy, sizeOf(x.shape) / sizeOf(result.shape))
    return { x: mul(mul(share, 2), centered) }
  },
})

/** `(x − mean) / √(variance + epsilon)` over normalised axes. */
export function standardize<D extends FloatDType>(
  x: Tensor<D>,
  axes: readonly number[],
  epsilon: number,
): Tensor<D> {
  const { centered, variance } = momentsOf(x, axes)
  return mul(centered, inverseRoot(variance, epsilon))
}

/** `1 / √(x + epsilon)`. */
export function inverseRoot<D extends FloatDType>(x: Tensor<D>, epsilon: number): Tensor<D> {
  const root = sqrt(add(x, epsilon))
  return div(onesLike(root), root)
}

/** `x · gamma + beta`, of which either may be missing; both have the shape of the given axes. */
export function scaleAndShift<D extends FloatDType>(
  op: string,
  x: Tensor<D>,
  axes: readonly number[],
  gamma: Tensor<D> | undefined,
  beta: Tensor<D> | undefined,
): Tensor<D> {
  const scaled = gamma === undefined ? x : mul(x, alongAxes(op, 'gamma', gamma, x, axes))
  return beta === undefined ? scaled : add(scaled, alongAxes(op, 'beta', beta, x, axes))
}

/** A tensor in the shape of some axes of another, with 1 for all others, so that it broadcasts. */
export function alongAxes<D extends FloatDType>(
  op: string,
  name: string,
  weight: Tensor<D>,
  { shape, dtype }: Tensor<D>,
  axes: readonly number[],
): Tensor<D> {
  const wanted = axes.map((axis) => shape[axis] ?? 1)
  checkSameDType(op, dtype, checkTensor(op, name, weight).dtype, ['x', name])
  if (!sameShape(weight.shape, wanted)) {
    throw new ShapeError(op, {
      got: `x is ${formatShape(shape)} and ${name} is ${formatShape(weight.shape)}`,
      wanted: `${name} ${formatShape(wanted)}`,
    })
  }
  return reshape(
    weight,
    shape.map((n, axis) => (axes.includes(axis) ? n : 1)),
  )
}
