/**
 * Loads a file of the page, whole.
 *
 * @param what It is, for errors: `The digits`.
 * @throws Error where the server does not answer or has no such file.
 */
export async function loadFile(url: string, what: string): Promise<Uint8Array<ArrayBuffer>> {
  const response = await fetch(url).catch(unanswered)
  if (!response.ok) {
    throw new Error(`${what} could not be loaded: ${url} is answered with ${response.status}.`)
  }
  return new Uint8Array(await response.arrayBuffer().catch(unanswered))

  function unanswered(cause: unknown): never {
    throw new Error(`${what} could not be loaded: the server does not answer.`, { cause })
  }
}
