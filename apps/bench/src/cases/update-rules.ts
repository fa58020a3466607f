import type { AdamRule, SgdRule } from '../problems/update-rule.ts'

/** Small enough for the loss to fall steadily on dense inputs instead of bouncing. */
export const sgd: SgdRule = { rule: 'sgd', learningRate: 0.01 }

export const adam: AdamRule = {
  rule: 'adam',
  learningRate: 1e-3,
  beta1: 0.9,
  beta2: 0.999,
  epsilon: 1e-7,
}
