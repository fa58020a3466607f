import { ArgumentError } from '@tensorweft/core'

/** Uniform numbers in [0, 1), the same for the same seed (mulberry32). */
export function seededRandom(seed: number): () => number {
  let state = seed | 0
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32
  }
}

/**
 * A source of random data for tests, which gives the same for the same seed.
 *
 * @example
 * ```ts
 * const random = new Random(7)
 * console.log(random.integer(1, 6), random.pick(['a', 'b']), random.floats(3))
 * ```
 */
export class Random {
  readonly #next: () => number

  constructor(seed: number) {
    this.#next = seededRandom(seed)
  }

  /** Uniform in [0, 1). */
  uniform(): number {
    return this.#next()
  }

  /** Whether something of this probability happens. */
  chance(probability: number): boolean {
    return this.#next() < probability
  }

  /** An integer from `low` to `high`, both included. */
  integer(low: number, high: number): number {
    return low + Math.floor(this.#next() * (high - low + 1))
  }

  /**
   * One of the items.
   *
   * @throws ArgumentError if there are none.
   */
  pick<T>(items: readonly T[]): T {
    const item = items[this.integer(0, items.length - 1)]
    if (item === undefined) {
      throw new ArgumentError('pick', { got: 'no items', wanted: 'one or more' })
    }
    return item
  }

  /** The items in some order. */
  shuffled<T>(items: readonly T[]): T[] {
    const result: T[] = []
    for (const item of items) result.splice(this.integer(0, result.length), 0, item)
    return result
  }

  /** Numbers in [−1, 1). */
  floats(size: number): Float32Array {
    return Float32Array.from({ length: size }, () => this.#next() * 2 - 1)
  }
}
