import type { Rounded } from './rounding.ts'

/** Takes elements up, one after the other, and says what they give together so far. */
export interface Fold {
  add(value: number, radius: number): void
  readonly result: Rounded
}
