/** A file with any header and data, right or wrong, as other programs and damaged disks make them. */
export function handMadeFile(
  header: string | Uint8Array,
  data: Uint8Array = new Uint8Array(),
  headerLength?: bigint,
): Uint8Array {
  const json = typeof header === 'string' ? new TextEncoder().encode(header) : header
  const bytes = new Uint8Array(8 + json.byteLength + data.byteLength)
  new DataView(bytes.buffer).setBigUint64(0, headerLength ?? BigInt(json.byteLength), true)
  bytes.set(json, 8)
  bytes.set(data, 8 + json.byteLength)
  return bytes
}

export function withFlippedBit(bytes: Uint8Array, bit: number): Uint8Array {
  const damaged = Uint8Array.from(bytes)
  damaged[bit >> 3] = (bytes[bit >> 3] ?? 0) ^ (1 << (bit & 7))
  return damaged
}

/** Copies with one flipped bit each, at `count` places that are the same in every run. */
export function withFlippedBits(bytes: Uint8Array, count: number): Uint8Array[] {
  let state = 1
  return Array.from({ length: count }, () => {
    state = (state * 48271) % 2147483647
    return withFlippedBit(bytes, state % (bytes.byteLength * 8))
  })
}
