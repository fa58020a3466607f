import { attributeText, type Stage, type Step } from '@tensorweft/core'
import { renumber } from './step-cost.ts'

/**
 * Numbers the values of stages, one stage after the other: equal numbers stand for equal values at
 * equal points. What is loaded from memory that an earlier stage has written equals nothing, but for
 * the array of kept values, whose loads are what was stored.
 */
export class ValueNumbers {
  readonly #slotOf: (operand: number) => number | undefined
  readonly #keptOperand: number | undefined
  readonly #numbers = new Map<string, number>()
  readonly #written = new Set<number | undefined>()
  readonly #kept = new Map<string, number | undefined>()

  /** `slotOf` names the memory of an operand. */
  constructor(slotOf: (operand: number) => number | undefined, keptOperand?: number) {
    this.#slotOf = slotOf
    this.#keptOperand = keptOperand
  }

  /** The numbers of the steps of the next stage. */
  next({ program, stores }: Pick<Stage, 'program' | 'stores'>): readonly number[] {
    const values: number[] = []
    for (const step of program) values.push(this.#numberOf(step, values))
    for (const { operand, index, value } of stores) {
      if (operand === this.#keptOperand) this.#kept.set(attributeText(index), values[value])
      else this.#written.add(this.#slotOf(operand))
    }
    return values
  }

  #numberOf(step: Step, values: readonly number[]): number {
    const isRead = step.op === 'load' || step.op === 'gather'
    if (isRead && step.operand === this.#keptOperand) {
      const stored = this.#kept.get(attributeText(step.index))
      if (stored !== undefined) return stored
    }
    const text = attributeText(renumber(step, (arg) => values[arg] ?? 0))
    const isWritten = isRead && this.#written.has(this.#slotOf(step.operand))
    const key = isWritten ? `${this.#numbers.size} ${text}` : text
    const number = this.#numbers.get(key) ?? this.#numbers.size
    this.#numbers.set(key, number)
    return number
  }
}
