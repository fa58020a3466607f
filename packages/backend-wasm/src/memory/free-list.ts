interface Block {
  offset: number
  size: number
}

/** Free stretches of an address space, in order of address; neighbours are always joined. */
export class FreeList {
  readonly #blocks: Block[] = []

  /** Takes `size` bytes from the smallest stretch that has them; undefined if none has. */
  take(size: number): number | undefined {
    let best = -1
    let bestSize = Number.POSITIVE_INFINITY
    for (const [k, block] of this.#blocks.entries()) {
      if (block.size >= size && block.size < bestSize) {
        best = k
        bestSize = block.size
      }
    }
    const block = this.#blocks[best]
    if (block === undefined) return undefined
    const { offset } = block
    if (block.size === size) this.#blocks.splice(best, 1)
    else {
      block.offset += size
      block.size -= size
    }
    return offset
  }

  give(offset: number, size: number): void {
    const k = this.#firstAfter(offset)
    const before = this.#blocks[k - 1]
    const after = this.#blocks[k]
    const joinsBefore = before !== undefined && before.offset + before.size === offset
    const joinsAfter = after !== undefined && offset + size === after.offset
    if (joinsBefore && joinsAfter) {
      before.size += size + after.size
      this.#blocks.splice(k, 1)
    } else if (joinsBefore) before.size += size
    else if (joinsAfter) {
      after.offset = offset
      after.size += size
    } else this.#blocks.splice(k, 0, { offset, size })
  }

  /** Free bytes at the end of a space of `total` bytes. */
  tail(total: number): number {
    const last = this.#blocks.at(-1)
    return last !== undefined && last.offset + last.size === total ? last.size : 0
  }

  #firstAfter(offset: number): number {
    let [low, high] = [0, this.#blocks.length]
    while (low < high) {
      const middle = (low + high) >>> 1
      const block = this.#blocks[middle]
      if (block !== undefined && block.offset < offset) low = middle + 1
      else high = middle
    }
    return low
  }
}
