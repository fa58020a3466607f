/**
 * Bytes that are not a valid safetensors file, or tensors that cannot be written as one.
 * The message names the tensor or the part of the header that is wrong.
 */
export class SafetensorsError extends Error {
  override readonly name = 'SafetensorsError'
}

/** A piece of foreign text in quotes, short enough for one line of an error message. */
export function quote(text: string): string {
  const shown = text.length > 80 ? `${text.slice(0, 77)}...` : text
  return JSON.stringify(shown)
}

/** `[2, 3]`, shortened where a damaged file has hundreds of axes. */
export function formatShape(shape: readonly number[]): string {
  const shown = shape.length > 8 ? [...shape.slice(0, 8), '...'] : shape
  return `[${shown.join(', ')}]`
}
