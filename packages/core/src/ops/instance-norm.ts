import type { FloatDType } from '../dtype.ts'
import { ShapeError } from '../errors.ts'
import type { Tensor } from '../graph/tensor.ts'
import { formatShape } from '../shape.ts'
import { checkNumber } from './check-numbers.ts'
import { defineComposite } from './define-composite.ts'
import { checkFloat } from './log-sum-exp.ts'
import { type NormOptions, scaleAndShift, standardize } from './moments.ts'

/**
 * Instance normalisation: `(x − mean) / √(variance + epsilon) · gamma + beta` with mean and (biased)
 * variance per sample and channel over the spatial axes. Ulyanov, Vedaldi, Lempitsky: "Instance
 * normalization", 2016.
 *
 * @param x [batch, …spatial, channels] with at least one spatial axis, float.
 * @param gamma [channels], as `beta`; either may be left out.
 * @throws ShapeError or DTypeError for what does not fit.
 * @example
 * ```ts
 * import { instanceNorm, tensor } from '@tensorweft/core'
 *
 * const y = instanceNorm(tensor([[[1, 10], [3, 30]]]), undefined, undefined, { epsilon: 1e-6 })
 * await y.array() // [[[-1, -1], [1, 1]]]
 * ```
 */
export const instanceNorm: <D extends FloatDType>(
  x: Tensor<D>,
  gamma?: Tensor<D>,
  beta?: Tensor<D>,
  options?: NormOptions,
) => Tensor<D> = defineComposite(
  'instanceNorm',
  (x, gamma, beta, { epsilon = 1e-3 } = {}) => {
    checkFloat('instanceNorm', x)
    checkNumber('instanceNorm', 'epsilon', epsilon, 0)
    if (x.rank < 3) {
      throw new ShapeError('instanceNorm', {
        got: `x is ${formatShape(x.shape)}`,
        wanted: '[batch, …spatial, channels] with at least one spatial axis',
      })
    }
    const spatial = x.shape.flatMap((_, axis) => (axis === 0 || axis === x.rank - 1 ? [] : [axis]))
    const normal = standardize(x, spatial, epsilon)
    return scaleAndShift('instanceNorm', normal, [x.rank - 1], gamma, beta)
  },
  ['x', 'gamma', 'beta', 'options'],
)
