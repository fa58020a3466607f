/** A reproducible source of numbers (xorshift32). */
export class Random {
  #state: number

  constructor(seed: number) {
    this.#state = Math.imul(seed + 1, 0x9e3779b1) | 1
  }

  /** Uniform in [0, 1). */
  uniform(): number {
    this.#state ^= this.#state << 13
    this.#state ^= this.#state >>> 17
    this.#state ^= this.#state << 5
    return (this.#state >>> 0) / 2 ** 32
  }

  /** An integer from `low` to `high`, both included. */
  integer(low: number, high: number): number {
    return low + Math.floor(this.uniform() * (high - low + 1))
  }

  chance(probability: number): boolean {
    return this.uniform() < probability
  }

  pick<T>(items: readonly [T, ...T[]]): T {
    return items[this.integer(0, items.length - 1)] ?? items[0]
  }

  shuffled<T>(items: readonly T[]): T[] {
    const result: T[] = []
    for (const item of items) result.splice(this.integer(0, result.length), 0, item)
    return result
  }
}
