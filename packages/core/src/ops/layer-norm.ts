import type { FloatDType } from '../dtype.ts'
import type { Axes, Tensor } from '../graph/tensor.ts'
import { checkNumber } from './check-numbers.ts'
import { defineComposite } from './define-composite.ts'
import { checkFloat } from './log-sum-exp.ts'
import { type NormOptions, scaleAndShift, standardize } from './moments.ts'
import { axesOf } from './reduction.ts'

export interface LayerNormOptions extends NormOptions {
  /** Axes that are normalised together, by default the last; `null` for all. */
  readonly axes?: Axes
}

/**
 * Layer normalisation: `(x − mean) / √(variance + epsilon) · gamma + beta` with mean and (biased)
 * variance over `axes`, each sample by itself. Ba, Kiros, Hinton: "Layer normalization", 2016.
 *
 * @param x Any shape, float.
 * @param gamma In the shape of the normalised axes, as `beta`; either may be left out.
 * @throws ShapeError or DTypeError for what does not fit.
 * @example
 * ```ts
 * import { layerNorm, tensor } from '@tensorweft/core'
 *
 * const x = tensor([[1, 2, 3], [10, 20, 30]])
 * const y = layerNorm(x, undefined, undefined, { epsilon: 1e-6 })
 * await y.array() // [[-1.225, 0, 1.225], [-1.225, 0, 1.225]]
 * ```
 */
export const layerNorm: <D extends FloatDType>(
  x: Tensor<D>,
  gamma?: Tensor<D>,
  beta?: Tensor<D>,
  options?: LayerNormOptions,
) => Tensor<D> = defineComposite(
  'layerNorm',
  (x, gamma, beta, { axes = -1, epsilon = 1e-3 } = {}) => {
    checkFloat('layerNorm', x)
    checkNumber('layerNorm', 'epsilon', epsilon, 0)
    const list = axesOf('layerNorm', x, axes)
    return scaleAndShift('layerNorm', standardize(x, list, epsilon), list, gamma, beta)
  },
  ['x', 'gamma', 'beta', 'options'],
)
