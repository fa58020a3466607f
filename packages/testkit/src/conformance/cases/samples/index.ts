import type { CallSample } from './call-sample.ts'
import { creationSamples } from './creation.ts'
import { elementwiseSamples } from './elementwise.ts'
import { indexingSamples } from './indexing.ts'
import { lossSamples } from './losses.ts'
import { movementSamples } from './movement.ts'
import { normalizationSamples } from './normalization.ts'
import { reductionSamples } from './reductions.ts'
import { windowSamples } from './windows.ts'

/** Calls of the functions of core that random graphs do not hold, or with other arguments. */
export const callSamples: readonly CallSample[] = [
  ...creationSamples,
  ...elementwiseSamples,
  ...indexingSamples,
  ...lossSamples,
  ...movementSamples,
  ...normalizationSamples,
  ...reductionSamples,
  ...windowSamples,
]
