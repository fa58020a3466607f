import { checkOption, type DType, div, type Tensor } from '@tensorweft/core'
import { positive } from './check-option.ts'

/** How gradients are limited before they are used; at most one of the three. */
export interface ClipOptions {
  /** Limits every element to [−clipValue, clipValue]. */
  readonly clipValue?: number
  /** Scales the gradient of each parameter down to this Euclidean norm. */
  readonly clipNorm?: number
  /** Scales all gradients by one factor, so that together they have at most this norm. */
  readonly globalClipNorm?: number
}

/** @throws ArgumentError for limits that are not positive, or several of them. */
export function checkClipOptions(owner: string, options: ClipOptions): void {
  const { clipValue, clipNorm, globalClipNorm } = options
  const limits = { clipValue, clipNorm, globalClipNorm }
  const given = Object.entries(limits).flatMap(([name, limit]) => {
    if (limit === undefined) return []
    checkOption(owner, name, limit, positive)
    return name
  })
  checkOption(owner, 'limits', given, ['one way to clip', () => given.length < 2])
}

/** The gradients within the limit. Pascanu et al., "On the difficulty of training RNNs", 2013. */
export function clipGradients(
  gradients: readonly Tensor<DType>[],
  { clipValue, clipNorm, globalClipNorm }: ClipOptions,
): Tensor<DType>[] {
  if (clipValue !== undefined) {
    return gradients.map((gradient) => gradient.maximum(-clipValue).minimum(clipValue))
  }
  if (clipNorm !== undefined) {
    return gradients.map((gradient) => scaleToNorm(gradient, gradient.square().sum(), clipNorm))
  }
  if (globalClipNorm === undefined || gradients.length === 0) return [...gradients]
  const total = gradients
    .map((gradient) => gradient.square().sum().cast('float32'))
    .reduce((sum, square) => sum.add(square))
  return gradients.map((gradient) =>
    scaleToNorm(gradient, total.cast(gradient.dtype), globalClipNorm),
  )
}

/** `g · limit / max(norm, limit)`: what is within the limit keeps its values. */
function scaleToNorm(
  gradient: Tensor<DType>,
  squaredNorm: Tensor<DType>,
  limit: number,
): Tensor<DType> {
  return gradient.mul(div(limit, squaredNorm.sqrt().maximum(limit)))
}
