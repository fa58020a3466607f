const alignment = 8

/** The nearest multiples of 8 around a size that is none; they suit registers of any width. */
export function alignedSizes(size: number): readonly number[] {
  if (size % alignment === 0) return []
  const below = size - (size % alignment)
  return [below, below + alignment].filter((aligned) => aligned > 0)
}

/** The sizes and their aligned neighbours, each once, in ascending order. */
export function withAligned(sizes: readonly number[]): readonly number[] {
  return [...new Set(sizes.flatMap((size) => [size, ...alignedSizes(size)]))].sort((a, b) => a - b)
}
