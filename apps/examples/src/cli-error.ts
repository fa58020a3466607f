/** What the user typed cannot be done. The message is one line that says what and why. */
export class CliError extends Error {
  override readonly name = 'CliError'
}
