import type { FloatDType } from '../dtype.ts'
import { ArgumentError, ShapeError } from '../errors.ts'
import type { Tensor } from '../graph/tensor.ts'
import { formatShape } from '../shape.ts'
import { checkNumber } from './check-numbers.ts'
import { defineComposite } from './define-composite.ts'
import { checkFloat } from './log-sum-exp.ts'
import { type NormOptions, scaleAndShift, standardize } from './moments.ts'
import { reshape } from './reshape.ts'

export interface GroupNormOptions extends NormOptions {
  /** Number of groups, which divides the channels. */
  readonly groups: number
}

/**
 * Group normalisation: `(x − mean) / √(variance + epsilon) · gamma + beta` with mean and (biased)
 * variance per sample over the spatial axes and a group of neighbouring channels. Wu, He: "Group
 * normalization", 2018.
 *
 * @param x [batch, …spatial, channels], float.
 * @param gamma [channels], as `beta`; either may be left out.
 * @throws ShapeError, DTypeError or ArgumentError for what does not fit.
 * @example
 * ```ts
 * import { groupNorm, tensor } from '@tensorweft/core'
 *
 * const y = groupNorm(tensor([[1, 3, 10, 30]]), undefined, undefined, { groups: 2, epsilon: 1e-6 })
 * await y.array() // [[-1, 1, -1, 1]]
 * ```
 */
export const groupNorm: <D extends FloatDType>(
  x: Tensor<D>,
  gamma: Tensor<D> | undefined,
  beta: Tensor<D> | undefined,
  options: GroupNormOptions,
) => Tensor<D> = defineComposite(
  'groupNorm',
  (x, gamma, beta, { groups = Number.NaN, epsilon = 1e-3 }: Partial<GroupNormOptions> = {}) => {
    checkFloat('groupNorm', x)
    checkNumber('groupNorm', 'epsilon', epsilon, 0)
    checkGroups(x, groups)
    const channels = x.shape.at(-1) ?? 0
    const grouped = reshape(x, [...x.shape.slice(0, -1), groups, channels / groups])
    // All but the batch and the groups.
    const axes = grouped.shape.flatMap((_, axis) =>
      axis === 0 || axis === x.rank - 1 ? [] : [axis],
    )
    const normal = reshape(standardize(grouped, axes, epsilon), x.shape)
    return scaleAndShift('groupNorm', normal, [x.rank - 1], gamma, beta)
  },
  ['x', 'gamma', 'beta', 'options'],
)

function checkGroups<D extends FloatDType>(x: Tensor<D>, groups: number): void {
  const channels = x.shape.at(-1) ?? 0
  if (x.rank < 2) {
    throw new ShapeError('groupNorm', {
      got: `x is ${formatShape(x.shape)}`,
      wanted: '[batch, …spatial, channels]',
    })
  }
  if (!Number.isInteger(groups) || groups < 1 || channels % groups !== 0) {
    throw new ArgumentError('groupNorm', {
      got: `groups ${groups} for ${channels} channels`,
      wanted: 'a positive integer that divides them',
    })
  }
}
