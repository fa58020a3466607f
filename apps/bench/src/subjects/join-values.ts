/** The values of several arrays, one after the other. */
export function joinValues(parts: readonly ArrayLike<number>[]): ArrayLike<number> {
  const [only] = parts
  if (parts.length === 1 && only !== undefined) return only
  const joined = new Float32Array(parts.reduce((length, part) => length + part.length, 0))
  let start = 0
  for (const part of parts) {
    joined.set(part, start)
    start += part.length
  }
  return joined
}
