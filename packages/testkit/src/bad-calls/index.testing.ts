import type { BadCalls } from './bad-call.testing.ts'
import { creationCalls } from './creation.testing.ts'
import { elementwiseCalls } from './elementwise.testing.ts'
import { indexingCalls } from './indexing.testing.ts'
import { lossCalls } from './losses.testing.ts'
import { movementCalls } from './movement.testing.ts'
import { normalizationCalls } from './normalization.testing.ts'
import { productCalls, reductionCalls } from './reductions.testing.ts'
import { windowCalls } from './windows.testing.ts'

/** For every op of core the calls that it must refuse, each breaking one of its rules. */
export const badCalls: BadCalls = {
  ...creationCalls,
  ...elementwiseCalls,
  ...indexingCalls,
  ...lossCalls,
  ...movementCalls,
  ...normalizationCalls,
  ...productCalls,
  ...reductionCalls,
  ...windowCalls,
}
