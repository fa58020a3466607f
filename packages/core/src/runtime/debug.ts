import { checkNumerics as check } from '../execution/check-numerics.ts'
import { numericsCheck, setNumericsCheck } from '../execution/numerics-check.ts'
import { originsAreRemembered, rememberOrigins } from '../graph/origin.ts'

/** What is looked at more closely, at the cost of speed and memory. */
export interface DebugOptions {
  /**
   * Every op that is computed gets an array of its own, which is searched for NaN and infinities.
   * The read, or the compiled call, whose computation makes the first one fails with a
   * NumericsError that names the op, the element and the inputs; parameters stay as they were.
   * What is given (by `tensor`, or as an infinite number in the program) may hold what it likes.
   */
  readonly checkNumerics?: boolean
  /**
   * Each op call notes its line, about ten times the cost of the call, so that errors at a read and
   * `memory()` can say where a tensor was made: `made at train.ts:14:31`. A function under `compile`
   * notes it when it is traced.
   */
  readonly origins?: boolean
}

/** Puts back what `debug` has changed: call it, or declare it with `using`. */
export interface DebugReset extends Disposable {
  (): void
}

/**
 * Switches help for finding errors on or off. What is not mentioned stays as it is.
 *
 * @example
 * ```ts
 * {
 *   using watching = debug({ checkNumerics: true, origins: true })
 *   const x = tensor([1, 0, -1])
 *   await x.log().data().catch((error) => console.log(error.message))
 *   // log: -Infinity at [1] of its result float32 [3] …
 * }
 * ```
 */
export function debug({ checkNumerics, origins }: DebugOptions): DebugReset {
  const before = { check: numericsCheck(), origins: originsAreRemembered() }
  if (checkNumerics !== undefined) setNumericsCheck(checkNumerics ? check : undefined)
  if (origins !== undefined) rememberOrigins(origins)
  const reset = () => {
    if (checkNumerics !== undefined) setNumericsCheck(before.check)
    if (origins !== undefined) rememberOrigins(before.origins)
  }
  return Object.assign(reset, { [Symbol.dispose]: reset })
}
