import type { Policy } from './policy.ts'

/** Every kernel that can be cut is cut, no plan is too small for threads, and all wait for them. */
export const eager: Policy = {
  splitCost: 0,
  pieceCost: 0.01,
  wakeCost: 0,
  messageCost: 0,
  waitCost: 0,
  startMilliseconds: 10_000,
  patience: 30,
}
