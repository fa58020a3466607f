import type { MeasureLimits } from '../measure.ts'
import type { Absentee, Contender, Subject } from '../subject.ts'
import type { Tolerance } from '../verify.ts'

/** One piece of work that is measured, with its data and with the answer that must come out. */
export interface BenchCase {
  /** As typed on the command line. */
  readonly name: string
  /** What is computed, for the heading of the table. */
  readonly summary: string
  /** Floating-point operations of one step: two per multiply and add of a product. */
  readonly flops?: number
  /** Where a step is many calls of what is measured: the times of a row are those of one call. */
  readonly callsPerStep?: number
  /** How many steps are compared with `expected` before anything is timed. */
  readonly checkSteps: number
  readonly tolerance: Tolerance
  /** What the case needs otherwise than the rest. */
  readonly limits?: Partial<MeasureLimits>
  /** Makes the work of each subject ready, or of the subject that the case itself brings. */
  prepare(subjects: readonly Subject[]): Promise<PreparedCase>
}

export interface PreparedCase {
  readonly contenders: readonly Contender[]
  readonly absentees?: readonly Absentee[]
  /** The results of the first `checkSteps` steps in a row, by plain loops of the case's own. */
  readonly expected: readonly number[]
}

/** Cases that share a pattern of names. */
export interface CaseFamily {
  /** How the names read, for help and errors, for example `matmul-MxKxN`. */
  readonly pattern: string
  /** The case of that name; undefined where the name is of another family. */
  parse(name: string): BenchCase | undefined
}

/** The family of a single case. */
export function singleCase(benchCase: BenchCase): CaseFamily {
  const { name } = benchCase
  return { pattern: name, parse: (wanted) => (wanted === name ? benchCase : undefined) }
}
