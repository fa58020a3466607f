import { onBehalfOf } from './errors.ts'
import { timeStep } from './measure.ts'
import type { Contender } from './subject.ts'
import { type Tolerance, verify } from './verify.ts'

/** What contenders have to compute in their first steps. */
export interface Expectation {
  /** For the message, for example the name of the case. */
  readonly where: string
  readonly steps: number
  /** The results of those steps in a row. */
  readonly expected: readonly number[]
  readonly tolerance: Tolerance
}

/**
 * Lets every contender take its first steps and compares their results; returns the milliseconds
 * that each one's last step took. Throws a `SubjectError` at the first difference.
 */
export async function checkContenders(
  contenders: readonly Contender[],
  { where, steps, expected, tolerance }: Expectation,
): Promise<number[]> {
  const elapsedMs: number[] = []
  for (const contender of contenders) {
    await onBehalfOf(contender.subject, async () => {
      await contender.activate()
      const results: number[] = []
      let lastMs = 0
      for (let step = 0; step < steps; step++) {
        lastMs = await timeStep(contender)
        results.push(...Array.from(await contender.result()))
      }
      verify(`${where}, ${contender.subject}`, results, expected, tolerance)
      elapsedMs.push(lastMs)
    })
  }
  return elapsedMs
}
