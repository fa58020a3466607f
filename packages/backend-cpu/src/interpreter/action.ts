import type { Cell } from './registers.ts'

/** A part of a program: makes the values of one step, or stores them. */
export interface Action {
  /** Works on `count` points from point `start` of the space on. */
  run(start: number, count: number): void
}

/** A step's values: where they are, and how they come there. */
export interface Source {
  readonly cell: Cell
  /** What to do at the beginning of each run of the plan. */
  readonly begin?: () => void
  /** What to do for each chunk. */
  readonly action?: Action
}
