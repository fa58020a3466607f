import { ByteWriter, unsignedLeb } from './byte-writer.ts'

const importSection = 2
const memoryKind = 2

/** Reads a WebAssembly binary. */
class Reader {
  readonly bytes: Uint8Array
  position: number

  constructor(bytes: Uint8Array, position: number) {
    this.bytes = bytes
    this.position = position
  }

  byte(): number {
    return this.bytes[this.position++] ?? 0
  }

  unsigned(): number {
    let value = 0
    for (let shift = 0; ; shift += 7) {
      const byte = this.byte()
      value += (byte & 0x7f) * 2 ** shift
      if (byte < 0x80) return value
    }
  }

  skip(count: number): void {
    this.position += count
  }

  /** Goes on past the name of an import and the description of what is no memory. */
  skipImport(): void {
    const kind = this.byte()
    if (kind === 0) this.unsigned()
    else if (kind === 1) {
      this.skip(1)
      this.limits()
    } else this.skip(2)
  }

  limits(): { readonly flags: number; readonly minimum: number } {
    const flags = this.byte()
    const minimum = this.unsigned()
    if (flags & 1) this.unsigned()
    return { flags, minimum }
  }
}

/** A module whose imported memory is a shared one of at most so many pages. */
export function shareMemory(
  bytes: Uint8Array<ArrayBuffer>,
  maximumPages: number,
): Uint8Array<ArrayBuffer> {
  const reader = new Reader(bytes, 8)
  while (reader.position < bytes.length) {
    const start = reader.position
    const id = reader.byte()
    const length = reader.unsigned()
    const end = reader.position + length
    if (id !== importSection) {
      reader.position = end
      continue
    }
    const section = new ByteWriter()
    copyImports(reader, section, maximumPages)
    const out = new ByteWriter()
    out.bytes(bytes.subarray(0, start))
    out.byte(importSection)
    out.sized((to) => to.bytes(section.finish()))
    out.bytes(bytes.subarray(end))
    return out.finish()
  }
  return bytes
}

function copyImports(reader: Reader, to: ByteWriter, maximumPages: number): void {
  const count = reader.unsigned()
  to.unsigned(count)
  for (let k = 0; k < count; k++) {
    const start = reader.position
    for (let name = 0; name < 2; name++) reader.skip(reader.unsigned())
    const kindAt = reader.position
    if (reader.bytes[kindAt] !== memoryKind) {
      reader.skipImport()
      to.bytes(reader.bytes.subarray(start, reader.position))
      continue
    }
    reader.skip(1)
    to.bytes(reader.bytes.subarray(start, reader.position))
    to.bytes([3, ...unsignedLeb(reader.limits().minimum), ...unsignedLeb(maximumPages)])
  }
}
