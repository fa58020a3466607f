import { SafetensorsError } from './safetensors-error.ts'

// In every runtime that the package supports (browsers, Node, Deno, Bun); the ES library of the
// compiler does not declare them, because they come from a web standard.
declare const TextEncoder: new () => { encode(text: string): Uint8Array<ArrayBuffer> }
declare const TextDecoder: new (
  label: string,
  options: { readonly fatal: boolean; readonly ignoreBOM: boolean },
) => { decode(bytes: Uint8Array): string }

export function encodeUtf8(text: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(text)
}

/** Strict: a malformed sequence is an error instead of a replacement character. */
export function decodeUtf8(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch (cause) {
    throw new SafetensorsError('The header is not valid UTF-8.', { cause })
  }
}

/** Whether UTF-8 can hold the text, that is, whether it has no half of a surrogate pair. */
export function isWellFormed(text: string): boolean {
  return !/\p{Surrogate}/u.test(text)
}
