/** Bytes of a WebAssembly binary as they are written, with the encodings of its format. */
export class ByteWriter {
  readonly #chunks: number[] = []

  get length(): number {
    return this.#chunks.length
  }

  byte(value: number): void {
    this.#chunks.push(value)
  }

  bytes(values: Iterable<number>): void {
    for (const value of values) this.#chunks.push(value)
  }

  /** Unsigned LEB128 of an integer from 0 to 2³² − 1. */
  unsigned(value: number): void {
    this.bytes(unsignedLeb(value))
  }

  /** Signed LEB128 of an int32. */
  signed(value: number): void {
    this.bytes(signedLeb(value))
  }

  /** A length in bytes, then UTF-8. */
  name(text: string): void {
    const bytes = utf8(text)
    this.unsigned(bytes.length)
    this.bytes(bytes)
  }

  /** What `write` writes, after its length in bytes. */
  sized(write: (to: ByteWriter) => void): void {
    const inner = new ByteWriter()
    write(inner)
    this.unsigned(inner.length)
    this.bytes(inner.#chunks)
  }

  finish(): Uint8Array<ArrayBuffer> {
    return Uint8Array.from(this.#chunks)
  }
}

export function unsignedLeb(value: number): number[] {
  const bytes: number[] = []
  let rest = value >>> 0
  do {
    const low = rest & 0x7f
    rest >>>= 7
    bytes.push(rest === 0 ? low : low | 0x80)
  } while (rest !== 0)
  return bytes
}

export function signedLeb(value: number): number[] {
  const bytes: number[] = []
  let rest = value | 0
  for (;;) {
    const low = rest & 0x7f
    rest >>= 7
    const isSignClear = (low & 0x40) === 0
    if ((rest === 0 && isSignClear) || (rest === -1 && !isSignClear)) {
      bytes.push(low)
      return bytes
    }
    bytes.push(low | 0x80)
  }
}

/** Little-endian bytes of numbers of four bytes. */
export function float32Bytes(...values: readonly number[]): Uint8Array {
  return new Uint8Array(Float32Array.from(values).buffer)
}

export function int32Bytes(...values: readonly number[]): Uint8Array {
  return new Uint8Array(Int32Array.from(values).buffer)
}

export function float64Bytes(...values: readonly number[]): Uint8Array {
  return new Uint8Array(Float64Array.from(values).buffer)
}

// Names come from labels of kernels, which are plain ASCII but for what users put there;
// TextEncoder belongs to no version of ECMAScript.
function utf8(text: string): number[] {
  const escaped = encodeURIComponent(text)
  return Array.from(escaped.matchAll(/%([0-9A-F]{2})|./g), ([character, hex]) =>
    hex === undefined ? character.charCodeAt(0) : Number.parseInt(hex, 16),
  )
}
