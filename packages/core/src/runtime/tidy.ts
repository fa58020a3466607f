import { currentScope, runInScope, type Scope } from '../graph/scope.ts'
import { leavesOf } from '../tree.ts'

/**
 * Runs `body` and disposes of the tensors that were made inside, except of those in what it
 * returns: a tensor, or arrays and objects of tensors at any depth. They belong to the `tidy`
 * around, if there is one. If `body` throws, all are disposed of. Values of parameters stay.
 *
 * Buffers are freed at once; what a returned tensor is still to be computed from is freed when it
 * has been. Only loops that never wait need this: whatever is collected is freed too.
 *
 * `body` may be asynchronous; then the promise is for its result, and tensors are those that it
 * makes at first and after it has directly awaited a read (`await x.data()`). Those that it makes
 * after awaiting something else are left to the garbage collector.
 *
 * @example
 * ```ts
 * let x = tensor([1, 2])
 * for (let i = 0; i < 1000; i++) {
 *   const next = tidy(() => x.mul(0.5).add(1).tanh())
 *   x.dispose()
 *   x = next
 * }
 * ```
 */
export function tidy<T>(body: () => T): T {
  const outer = currentScope()
  const scope: Scope = new Set()
  let result: T
  try {
    result = runInScope(scope, body)
  } catch (error) {
    endScope(scope, outer, undefined)
    throw error
  }
  if (!(result instanceof Promise)) {
    endScope(scope, outer, result)
    return result
  }
  const ended: Promise<unknown> = result.then(
    (value) => {
      endScope(scope, outer, value)
      return value
    },
    (error) => {
      endScope(scope, outer, undefined)
      throw error
    },
  )
  return ended as T
}

function endScope(scope: Scope, outer: Scope | undefined, result: unknown): void {
  const kept = new Set(leavesOf(result).map(({ leaf }) => leaf))
  for (const tensor of scope) {
    if (!kept.has(tensor)) tensor.dispose()
    else outer?.add(tensor)
  }
  scope.clear()
}
