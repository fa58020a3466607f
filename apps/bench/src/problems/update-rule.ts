/** Plain gradient descent: `w ← w − learningRate · g`. */
export interface SgdRule {
  readonly rule: 'sgd'
  readonly learningRate: number
}

/**
 * Adam (Kingma and Ba, algorithm 1):
 * `w ← w − learningRate · m̂ / (√v̂ + epsilon)` with bias-corrected moments.
 */
export interface AdamRule {
  readonly rule: 'adam'
  readonly learningRate: number
  readonly beta1: number
  readonly beta2: number
  readonly epsilon: number
}

export type UpdateRule = SgdRule | AdamRule
