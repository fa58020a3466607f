const notYet = 'not yet an op of core'

/**
 * Ops of the reference values that core does not have, with the reason. The tests fail for one that
 * stands here although core exports it.
 */
export const missingGoldenOps: Readonly<Record<string, string>> = {
  simpleRnn: notYet,
  lstm: notYet,
  gru: notYet,
  scaledDotProductAttention: notYet,
  multiHeadAttention: notYet,
}

/**
 * Cases that core's op cannot compute, with the reason. The tests fail for one that stands here
 * although it is computed rightly.
 */
export const missingGoldenCases: Readonly<Record<string, string>> = {}
