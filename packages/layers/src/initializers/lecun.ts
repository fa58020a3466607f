import type { Initializer } from './initializer.ts'
import { varianceScaling } from './variance-scaling.ts'

// LeCun, Bottou, Orr, Müller: "Efficient backprop", 1998, section 4.6.

/** Uniform with variance `1 / fanIn`. */
export function lecunUniform(): Initializer {
  return varianceScaling({ distribution: 'uniform' })
}

/** Truncated normal with variance `1 / fanIn`. */
export function lecunNormal(): Initializer {
  return varianceScaling()
}
