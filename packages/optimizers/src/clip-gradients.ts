import { ArgumentError, type DType, div, type Tensor } from '@tensorweft/core'
import { checkPositive } from './check-option.ts'

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
  const given = Object.entries({ clipValue, clipNorm, globalClipNorm }).filter(
    ([, limit]) => limit !== undefined,
  )
  for (const [name, limit] of given) checkPositive(owner, name, limit)
  if (given.length > 1) {
    throw new ArgumentError(owner, {
      got: given.map(([name]) => name).join(' and '),
      wanted: 'one way to clip',
    })
  }
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
  const squares = gradients.map((gradient) => gradient.square().sum().cast('float32'))
  const [first, ...rest] = squares
  if (globalClipNorm !== undefined && first !== undefined) {
    const total = rest.reduce((sum, square) => sum.add(square), first)
    return gradients.map((gradient) =>
      scaleToNorm(gradient, total.cast(gradient.dtype), globalClipNorm),
    )
  }
  return [...gradients]
}

/** `g · limit / max(norm, limit)`: what is within the limit keeps its values. */
function scaleToNorm(
  gradient: Tensor<DType>,
  squaredNorm: Tensor<DType>,
  limit: number,
): Tensor<DType> {
  return gradient.mul(div(limit, squaredNorm.sqrt().maximum(limit)))
}
