import {
  type OptionRule,
  randomNormal,
  randomUniform,
  type Shape,
  settleOptions,
  truncatedNormal,
} from '@tensorweft/core'
import type { Initializer } from './initializer.ts'

export interface VarianceScalingOptions {
  /** Variance times the fan; by default 1. */
  readonly scale?: number
  /** Which number of connections divides: into a unit, out of it, or their mean. */
  readonly mode?: 'fanIn' | 'fanOut' | 'fanAvg'
  readonly distribution?: 'truncatedNormal' | 'untruncatedNormal' | 'uniform'
}

const positive: OptionRule = ['a positive number', (n) => n > 0]

/** Standard deviation of a normal distribution that is cut at two of its own. */
const truncatedDeviation = 0.8796256610342398

/**
 * Random weights of variance `scale / fan`, so that signals keep their size from layer to layer.
 *
 * @throws ArgumentError for a scale that is not positive.
 */
export function varianceScaling(options: VarianceScalingOptions = {}): Initializer {
  const { scale } = settleOptions('varianceScaling', options, { scale: [positive, 1] })
  const { mode = 'fanIn', distribution = 'truncatedNormal' } = options
  return (shape, key) => {
    const deviation = Math.sqrt(scale / Math.max(1, fanOf(shape, mode)))
    if (distribution === 'uniform') {
      const limit = Math.sqrt(3) * deviation
      return randomUniform(key, shape, { low: -limit, high: limit })
    }
    if (distribution === 'untruncatedNormal') {
      return randomNormal(key, shape, { standardDeviation: deviation })
    }
    return truncatedNormal(key, shape, { standardDeviation: deviation / truncatedDeviation })
  }
}

/** Connections of a unit for weights [...window, in, out]. */
function fanOf(shape: Shape, mode: 'fanIn' | 'fanOut' | 'fanAvg'): number {
  const [ins = 1, outs = ins] = shape.slice(-2)
  const window = shape.slice(0, -2).reduce((size, n) => size * n, 1)
  switch (mode) {
    case 'fanIn':
      return window * ins
    case 'fanOut':
      return window * outs
    case 'fanAvg':
      return (window * (ins + outs)) / 2
  }
}
