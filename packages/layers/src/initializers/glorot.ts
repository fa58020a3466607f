import type { Initializer } from './initializer.ts'
import { varianceScaling } from './variance-scaling.ts'

// Glorot, Bengio: "Understanding the difficulty of training deep feedforward neural networks",
// 2010, equation 16.

/** Uniform with variance `2 / (fanIn + fanOut)`. */
export function glorotUniform(): Initializer {
  return varianceScaling({ mode: 'fanAvg', distribution: 'uniform' })
}

/** Truncated normal with variance `2 / (fanIn + fanOut)`. */
export function glorotNormal(): Initializer {
  return varianceScaling({ mode: 'fanAvg' })
}
