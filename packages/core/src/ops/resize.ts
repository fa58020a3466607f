import type { DType, FloatDType } from '../dtype.ts'
import { ArgumentError, ShapeError } from '../errors.ts'
import type { Tensor } from '../graph/tensor.ts'
import { formatShape } from '../shape.ts'
import { add } from './add.ts'
import { cast } from './cast.ts'
import { isPerAxis } from './check-numbers.ts'
import { defineComposite } from './define-composite.ts'
import { div } from './div.ts'
import { maximum, minimum } from './extremum.ts'
import { indices } from './indices.ts'
import { checkFloat } from './log-sum-exp.ts'
import { mul } from './mul.ts'
import { reshape } from './reshape.ts'
import { type Sampling, sample } from './sampling.ts'
import { sub } from './sub.ts'
import { checkImages } from './window.ts'

export interface ResizeOptions {
  /** Sizes of the result. */
  readonly size: readonly [height: number, width: number]
  /** The centres of the corner pixels stay where they are: i (n − 1) / (out − 1). */
  readonly alignCorners?: boolean
  /** The edges of the image stay where they are: (i + ½) n / out. */
  readonly halfPixelCenters?: boolean
}

/**
 * Images of another size, each pixel that of `x` at ⌊i n / out⌋, at ⌊(i + ½) n / out⌋ with
 * `halfPixelCenters`, or at i (n − 1) / (out − 1), rounded with halves up, with `alignCorners`.
 *
 * @param x [batch, height, width, channels] of any dtype.
 * @returns [batch, ...size, channels]
 * @throws ShapeError or ArgumentError for what does not fit.
 * @example
 * ```ts
 * import { resizeNearest, tensor } from '@tensorweft/core'
 *
 * const image = tensor([1, 2, 3, 4]).reshape([1, 2, 2, 1])
 * const wide = resizeNearest(image, { size: [2, 4] })
 * await wide.reshape([2, 4]).array() // [[1, 1, 2, 2], [3, 3, 4, 4]]
 * ```
 */
export function resizeNearest<D extends DType>(x: Tensor<D>, options: ResizeOptions): Tensor<D> {
  checkResize('resizeNearest', x, options)
  return [1, 2].reduce((image, axis) => {
    const [n, out] = [image.shape[axis] ?? 1, options.size[axis - 1] ?? 1]
    return sample(image, axis, out, nearestSampling(n, out, options))
  }, x)
}

/**
 * Images of another size, each pixel interpolated between the four of `x` around i n / out, around
 * (i + ½) n / out − ½ with `halfPixelCenters` (clamped to the image), or around
 * i (n − 1) / (out − 1) with `alignCorners`.
 *
 * @param x [batch, height, width, channels], float.
 * @returns [batch, ...size, channels]
 * @throws ShapeError, DTypeError or ArgumentError for what does not fit.
 * @example
 * ```ts
 * import { resizeBilinear, tensor } from '@tensorweft/core'
 *
 * const row = tensor([0, 4]).reshape([1, 1, 2, 1])
 * const wide = resizeBilinear(row, { size: [1, 4], halfPixelCenters: true })
 * await wide.reshape([4]).array() // [0, 1, 3, 4]
 * ```
 */
export const resizeBilinear: <D extends FloatDType>(
  x: Tensor<D>,
  options: ResizeOptions,
) => Tensor<D> = defineComposite(
  'resizeBilinear',
  (x, options) => {
    checkResize('resizeBilinear', x, options)
    checkFloat('resizeBilinear', x)
    return [1, 2].reduce((image, axis) => interpolate(image, axis, options), x)
  },
  ['x', 'options'],
)

/** Linear interpolation along one axis of images. */
function interpolate<D extends FloatDType>(
  x: Tensor<D>,
  axis: number,
  options: ResizeOptions,
): Tensor<D> {
  const [n, out] = [x.shape[axis] ?? 1, options.size[axis - 1] ?? 1]
  if (n === out) return x
  const sampling = linearSampling(n, out, options)
  const { scale, offset, divisor } = sampling
  const next = { ...sampling, offset: offset + divisor }
  const [lower, upper] = [sample(x, axis, out, sampling), sample(x, axis, out, next)]
  // Where the lower neighbour is: −1 before the first, as samples outside are 0.
  const below = sub(sample(add(indices([n], 0), 1), 0, out, sampling), 1)
  const position = add(mul(indices([out], 0), scale), offset)
  const clamped = minimum(maximum(position, 0), (n - 1) * divisor)
  // In integers, so that only the division rounds. It is 1 before the first and 0 at the last.
  const weight = div(cast(sub(clamped, mul(below, divisor)), x.dtype), divisor)
  const alongAxis = reshape(weight, axis === 1 ? [out, 1, 1] : [out, 1])
  return add(lower, mul(sub(upper, lower), alongAxis))
}

/** From where pixel i takes its value. */
function nearestSampling(n: number, out: number, options: ResizeOptions): Sampling {
  if (options.alignCorners && n > 1 && out > 1) {
    return { scale: 2 * (n - 1), offset: out - 1, divisor: 2 * (out - 1) }
  }
  if (options.halfPixelCenters) return { scale: 2 * n, offset: n, divisor: 2 * out }
  return { scale: options.alignCorners ? 1 : n, offset: 0, divisor: out }
}

/** The neighbour below the position of pixel i. */
function linearSampling(n: number, out: number, options: ResizeOptions): Sampling {
  if (options.alignCorners && n > 1 && out > 1) {
    return { scale: n - 1, offset: 0, divisor: out - 1 }
  }
  if (options.halfPixelCenters) return { scale: 2 * n, offset: n - out, divisor: 2 * out }
  return { scale: options.alignCorners ? 1 : n, offset: 0, divisor: out }
}

function checkResize(op: string, x: Tensor<DType>, options: Partial<ResizeOptions> = {}): void {
  const { alignCorners, halfPixelCenters } = options
  const size: readonly number[] = options.size ?? []
  checkImages(op, x, 2)
  if (!isPerAxis(size, 2) || size.some((n) => !Number.isSafeInteger(n) || n < 1)) {
    throw new ArgumentError(op, {
      got: `size ${formatShape(size)}`,
      wanted: '[height, width], positive integers',
    })
  }
  if (alignCorners && halfPixelCenters) {
    throw new ArgumentError(op, {
      got: 'alignCorners and halfPixelCenters',
      wanted: 'one of them, or neither',
    })
  }
  const [, height = 0, width = 0] = x.shape
  if (height > 0 && width > 0) return
  throw new ShapeError(op, { got: `x is ${formatShape(x.shape)}`, wanted: 'images with pixels' })
}
