/** An error that the command line shows as one line, without a stack trace. */
export class BenchError extends Error {
  override readonly name = 'BenchError'
}
