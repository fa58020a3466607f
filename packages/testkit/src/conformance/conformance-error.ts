/** What a backend did instead of what it should do. */
export class ConformanceError extends Error {
  override readonly name = 'ConformanceError'
}

/** Throws unless the condition holds. */
export function check(condition: boolean, message: string): asserts condition {
  if (!condition) throw new ConformanceError(message)
}

/** Throws unless `action` throws or rejects with an error of this class. */
export async function checkRejects(
  what: string,
  wanted: abstract new (...args: never[]) => Error,
  action: () => unknown,
): Promise<void> {
  let error: unknown
  try {
    await action()
  } catch (thrown) {
    error = thrown
  }
  if (error instanceof wanted) return
  const got = error === undefined ? 'succeeded' : `threw ${String(error)}`
  throw new ConformanceError(`${what}: ${got}, wanted a ${wanted.name}`)
}
