import { signal } from '@preact/signals'

/** What went wrong last, in words, until somebody closes the banner. */
export const problem = signal<string | undefined>(undefined)

/** Tells the user what went wrong; details are for the console. */
export function report(error: unknown): void {
  problem.value = error instanceof Error ? error.message : String(error)
}

/** A handler of events that may fail: the failure reaches the user in words, until the next try. */
export function reporting<A extends readonly unknown[]>(
  action: (...args: A) => Promise<unknown>,
): (...args: A) => void {
  return (...args) => {
    problem.value = undefined
    action(...args).catch(report)
  }
}
