import { currentBackend } from '../execution/current-backend.ts'
import { printPlan } from '../ir/print.ts'
import { compiledPlanOf } from './call-traced.ts'
import type { CallArguments, CompiledFunction } from './compile.ts'

/**
 * The plan that a compiled function runs for these arguments, as readable text: arrays, kernels,
 * loops and programs, and the code that the backend made of it where it shows that. Runs nothing.
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
  const { plan, executable } = compiledPlanOf(compiled.traced(...args), currentBackend())
  return [printPlan(plan), executable.source?.() ?? []].flat().join('\n\n')
}
