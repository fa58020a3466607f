import type { Initializer } from './initializer.ts'
import { varianceScaling } from './variance-scaling.ts'

// He et al.: "Delving deep into rectifiers", 2015, section 2.2. For layers with ReLU.

/** Uniform with variance `2 / fanIn`. */
export function heUniform(): Initializer {
  return varianceScaling({ scale: 2, distribution: 'uniform' })
}

/** Truncated normal with variance `2 / fanIn`. */
export function heNormal(): Initializer {
  return varianceScaling({ scale: 2 })
}
