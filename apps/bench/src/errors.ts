/** An error that the command line shows as one line, without a stack trace. */
export class BenchError extends Error {
  override readonly name = 'BenchError'
}

/** What went wrong, `cause`, while one subject was at work. */
export class SubjectError extends Error {
  override readonly name = 'SubjectError'
  readonly subject: string

  constructor(subject: string, cause: unknown) {
    super(cause instanceof Error ? cause.message : String(cause), { cause })
    this.subject = subject
  }
}

/** Says of an error in `body` whose work it was. */
export async function onBehalfOf<T>(subject: string, body: () => Promise<T>): Promise<T> {
  try {
    return await body()
  } catch (error) {
    throw error instanceof SubjectError ? error : new SubjectError(subject, error)
  }
}
