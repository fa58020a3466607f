/** Tensors that were made while a scope was open, and are given up when it ends. */
export type Scope = Set<{ dispose(): void }>

let current: Scope | undefined

/** The scope that new tensors belong to, if any. */
export function currentScope(): Scope | undefined {
  return current
}

/** Runs `body` while new tensors belong to `scope`, or to none. */
export function runInScope<T>(scope: Scope | undefined, body: () => T): T {
  const outer = current
  current = scope
  try {
    return body()
  } finally {
    current = outer
  }
}

/**
 * The promise, after which the code that awaits it goes on in the scope that is open now. Whatever
 * else waits for its turn meanwhile stays outside: scope, continuation and end of scope are next to
 * each other in the queue.
 */
export function inSameScope<T>(promise: Promise<T>): Promise<T> {
  const scope = current
  if (scope === undefined) return promise
  return new Promise<T>((resolve, reject) => {
    const goOn = (settle: () => void) => {
      let outer: Scope | undefined
      soon(() => {
        outer = current
        current = scope
      })
      settle()
      soon(() => {
        current = outer
      })
    }
    promise.then(
      (value) => goOn(() => resolve(value)),
      (error) => goOn(() => reject(error)),
    )
  })
}

function soon(callback: () => void): void {
  void Promise.resolve().then(callback)
}
