import * as core from '@tensorweft/core'
import type { Initializer } from './initializer.ts'

/** Keras' words and defaults for a normal distribution. */
export interface NormalInitializerOptions {
  /** By default 0. */
  readonly mean?: number
  /** Standard deviation, by default 0.05. */
  readonly stddev?: number
}

/** Bounds of a uniform distribution. */
export interface UniformInitializerOptions {
  /** By default −0.05. */
  readonly minval?: number
  /** By default 0.05. */
  readonly maxval?: number
}

/** Normally distributed. */
export function randomNormal(options: NormalInitializerOptions = {}): Initializer {
  const { mean = 0, stddev = 0.05 } = options
  return (shape, key) => core.randomNormal(key, shape, { mean, standardDeviation: stddev })
}

/**
 * Normally distributed, without what lies further than two standard deviations from the mean.
 * `stddev` is that of the distribution before it is cut; what is left has 0.88 times as much.
 */
export function truncatedNormal(options: NormalInitializerOptions = {}): Initializer {
  const { mean = 0, stddev = 0.05 } = options
  return (shape, key) => core.truncatedNormal(key, shape, { mean, standardDeviation: stddev })
}

/** Uniformly distributed from `minval` up to `maxval`. */
export function randomUniform(options: UniformInitializerOptions = {}): Initializer {
  const { minval = -0.05, maxval = 0.05 } = options
  return (shape, key) => core.randomUniform(key, shape, { low: minval, high: maxval })
}
