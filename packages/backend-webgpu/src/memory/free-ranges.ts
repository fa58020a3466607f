interface Range {
  start: number
  end: number
}

/** The free parts of `[0, size)`: taken where they fit best, merged again when given back. */
export class FreeRanges {
  readonly #size: number
  /** Sorted, disjoint and not adjacent. */
  readonly #ranges: Range[]

  constructor(size: number) {
    this.#size = size
    this.#ranges = [{ start: 0, end: size }]
  }

  get isEmpty(): boolean {
    const [first] = this.#ranges
    return first !== undefined && first.start === 0 && first.end === this.#size
  }

  /** Takes `length` from the smallest range that holds it; undefined if none does. */
  take(length: number): number | undefined {
    let best: Range | undefined
    for (const range of this.#ranges) {
      const room = range.end - range.start
      if (room < length) continue
      if (best === undefined || room < best.end - best.start) best = range
    }
    if (best === undefined) return undefined
    const { start } = best
    best.start += length
    if (best.start === best.end) this.#ranges.splice(this.#ranges.indexOf(best), 1)
    return start
  }

  give(start: number, length: number): void {
    const ranges = this.#ranges
    let low = 0
    let high = ranges.length
    while (low < high) {
      const middle = (low + high) >> 1
      if ((ranges[middle]?.start ?? 0) < start) low = middle + 1
      else high = middle
    }
    const before = ranges[low - 1]
    const after = ranges[low]
    const joinsBefore = before?.end === start
    const joinsAfter = after?.start === start + length
    if (joinsBefore && joinsAfter) {
      before.end = after.end
      ranges.splice(low, 1)
    } else if (joinsBefore) before.end += length
    else if (joinsAfter) after.start = start
    else ranges.splice(low, 0, { start, end: start + length })
  }
}
