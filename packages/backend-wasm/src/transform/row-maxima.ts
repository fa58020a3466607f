import type { Stage } from '@tensorweft/core'
import type { ValueNumbers } from './value-numbers.ts'

/** Follows the stages of a kernel to know which reductions find the largest of which values. */
export class RowMaxima {
  readonly #numbers: ValueNumbers
  /** For each reduction the value that it finds the largest of. */
  readonly #maxima: (number | undefined)[] = []

  constructor(numbers: ValueNumbers) {
    this.#numbers = numbers
  }

  /** Takes the next stage: whether an earlier reduction finds the largest of what a step of it has. */
  next(stage: Stage): (reduction: number, step: number) => boolean {
    const values = this.#numbers.next(stage)
    const maxima = [...this.#maxima]
    for (const { combiner, value } of stage.reductions) {
      this.#maxima.push(combiner === 'max' ? values[value] : undefined)
    }
    return (reduction, step) =>
      maxima[reduction] !== undefined && maxima[reduction] === values[step]
  }
}
