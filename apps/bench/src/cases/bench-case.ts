import { BenchError } from '../errors.ts'
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
  /** The least bytes that one step reads and writes, where memory is the limit. */
  readonly bytes?: number
  /** Whether what is measured is the machine: other cases are compared with it. */
  readonly isMachineRate?: boolean
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

/** Elements of one array: 1 GiB of float32. */
const maxSize = 2 ** 28

/** Cases that share a pattern of names. */
export interface CaseFamily {
  /** How the names read, for help and errors, for example `matmul-MxKxN`. */
  readonly pattern: string
  /** The case of that name; undefined where the name is of another family. */
  parse(name: string): BenchCase | undefined
}

/** A case by its usual batch and, for a name that ends with `-bB`, by another one. */
export function batchFamily(
  name: string,
  usualBatch: number,
  make: (name: string, batch: number) => BenchCase,
): CaseFamily {
  return {
    pattern: `${name}[-bB]`,
    parse(wanted) {
      if (wanted === name) return make(name, usualBatch)
      const batch = wanted.startsWith(`${name}-b`) ? wanted.slice(name.length + 2) : ''
      return /^[1-9]\d*$/.test(batch) ? make(wanted, Number(batch)) : undefined
    },
  }
}

/** The family of a single case. */
export function singleCase(benchCase: BenchCase): CaseFamily {
  const { name } = benchCase
  return { pattern: name, parse: (wanted) => (wanted === name ? benchCase : undefined) }
}

/**
 * Cases that differ by sizes alone: in the pattern a capital letter stands for each size, as in
 * `softmax-RxC`.
 */
export function sizedFamily(
  pattern: string,
  make: (name: string, ...sizes: number[]) => BenchCase,
): CaseFamily {
  const expression = new RegExp(`^${pattern.replaceAll(/[A-Z]/g, '(\\d+)')}$`)
  return {
    pattern,
    parse(name) {
      const parts = expression.exec(name)
      if (parts === null) return undefined
      const sizes = parts.slice(1).map(Number)
      if (Math.min(...sizes) < 1 || sizes.reduce((a, b) => a * b) > maxSize) {
        throw new BenchError(
          `Case '${name}': every size must be at least 1, and no more than ${maxSize} in all.`,
        )
      }
      return make(name, ...sizes)
    },
  }
}
