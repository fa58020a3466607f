import type { FloatDType } from '../dtype.ts'
import type { Tensor } from '../graph/tensor.ts'
import { checkNumber } from './check-numbers.ts'
import { defineComposite } from './define-composite.ts'
import type { LayerNormOptions } from './layer-norm.ts'
import { checkFloat } from './log-sum-exp.ts'
import { mean } from './mean.ts'
import { inverseRoot, scaleAndShift } from './moments.ts'
import { mul } from './mul.ts'
import { axesOf } from './reduction.ts'
import { square } from './square.ts'

/**
 * Normalisation by the root of the mean square: `x / √(mean(x²) + epsilon) · gamma` with the mean
 * over `axes` (default: the last) and an epsilon of 1e-6 by default. Zhang, Sennrich: "Root mean
 * square layer normalization", 2019.
 *
 * @param x Any shape, float.
 * @param gamma In the shape of the normalised axes; it may be left out.
 * @throws ShapeError or DTypeError for what does not fit.
 * @example
 * ```ts
 * import { rmsNorm, tensor } from '@tensorweft/core'
 *
 * await rmsNorm(tensor([[1, 1, -1, 1], [3, 3, 3, -3]])).array() // [[1, 1, -1, 1], [1, 1, 1, -1]]
 * ```
 */
export const rmsNorm: <D extends FloatDType>(
  x: Tensor<D>,
  gamma?: Tensor<D>,
  options?: LayerNormOptions,
) => Tensor<D> = defineComposite(
  'rmsNorm',
  (x, gamma, { axes = -1, epsilon = 1e-6 } = {}) => {
    checkFloat('rmsNorm', x)
    checkNumber('rmsNorm', 'epsilon', epsilon, 0)
    const list = axesOf('rmsNorm', x, axes)
    const scale = inverseRoot(mean(square(x), list, { keepDims: true }), epsilon)
    return scaleAndShift('rmsNorm', mul(x, scale), list, gamma, undefined)
  },
  ['x', 'gamma', 'options'],
)
