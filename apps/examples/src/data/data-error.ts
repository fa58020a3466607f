/** Data that is missing, damaged or does not fit together. The message is one line that says where. */
export class DataError extends Error {
  override readonly name = 'DataError'

  /**
   * @param where The file or folder.
   * @param problem What is wrong with it.
   */
  constructor(where: string, problem: string, options?: { cause: unknown }) {
    super(`${where}: ${problem}`, options)
  }
}
