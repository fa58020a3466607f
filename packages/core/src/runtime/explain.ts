import { currentBackend } from '../execution/current-backend.ts'
import { printPlan } from '../ir/print.ts'
import { planOf } from './call-traced.ts'
import type { CallArguments, CompiledFunction } from './compile.ts'

/**
 * The plan that a compiled function runs for these arguments, as readable text: arrays, kernels,
 * loops and programs. Runs nothing.
 *
 * @example
 * ```ts
 * const step = compile((x: Tensor) => x.matmul(x).relu())
 * console.log(explain(step, zeros([8, 8])))
 * ```
 */
export function explain<A extends readonly unknown[], R>(
  compiled: CompiledFunction<A, R>,
  ...args: CallArguments<A>
): string {
  return printPlan(planOf(compiled.traced(...args), currentBackend()))
}
