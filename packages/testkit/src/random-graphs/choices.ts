import { seededRandom } from '../plans/random.ts'

/**
 * Where a generator takes its decisions from: a seeded source that writes down what it gave, or a
 * list that was written down. Smaller choices stand for simpler things, so that a list is made
 * simpler by shortening it and by lowering its numbers, without knowing what they mean.
 */
export class Choices {
  readonly taken: number[] = []
  readonly #next: () => number

  private constructor(next: () => number) {
    this.#next = next
  }

  static random(seed: number): Choices {
    const random = seededRandom(seed)
    return new Choices(() => Math.floor(random() * 2 ** 30))
  }

  /** Repeats the choices of `list`, and takes 0 after its end. */
  static replay(list: readonly number[]): Choices {
    let position = 0
    return new Choices(() => list[position++] ?? 0)
  }

  /** An integer from 0 to `n` − 1. */
  below(n: number): number {
    const choice = n <= 1 ? 0 : this.#next() % n
    if (n > 1) this.taken.push(choice)
    return choice
  }

  between(low: number, high: number): number {
    return low + this.below(high - low + 1)
  }

  /** True once in `n` times. */
  oneIn(n: number): boolean {
    return this.below(n) === n - 1
  }

  pick<T>(items: readonly T[]): T {
    const item = items[this.below(items.length)]
    if (item === undefined) throw new Error('nothing to pick from')
    return item
  }

  /** The items in some order. */
  shuffled<T>(items: readonly T[]): T[] {
    const rest = [...items]
    return items.flatMap(() => rest.splice(this.below(rest.length), 1))
  }
}
