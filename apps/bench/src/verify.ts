import { BenchError } from './errors.ts'

/** `|got − wanted| ≤ absolute + relative · |wanted|` passes. */
export interface Tolerance {
  readonly relative: number
  readonly absolute: number
}

/** Throws where what a subject computed is not what the case expects. */
export function verify(
  where: string,
  got: readonly number[],
  wanted: readonly number[],
  tolerance: Tolerance,
): void {
  if (got.length !== wanted.length) {
    throw new BenchError(
      `${where}: computed ${got.length} numbers, the reference has ${wanted.length}; nothing was timed.`,
    )
  }
  wanted.forEach((value, i) => {
    const other = got[i] ?? Number.NaN
    const allowed = tolerance.absolute + tolerance.relative * Math.abs(value)
    // Written so that NaN fails.
    if (!(Math.abs(other - value) <= allowed)) {
      throw new BenchError(
        `${where}: computed ${other} at ${i}, the reference has ${value} (allowed difference ${allowed.toPrecision(2)}); nothing was timed.`,
      )
    }
  })
}
