import type { Axis, Index, IndexSpace } from './index.ts'

/** A small seeded generator (mulberry32), so that every failure can be repeated. */
export class Random {
  #state: number

  constructor(seed: number) {
    this.#state = Math.imul(seed, 0x9e3779b1) >>> 0
  }

  /** Uniform in [0, 1). */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0
    let bits = this.#state
    bits = Math.imul(bits ^ (bits >>> 15), bits | 1)
    bits ^= bits + Math.imul(bits ^ (bits >>> 7), bits | 61)
    return ((bits ^ (bits >>> 14)) >>> 0) / 2 ** 32
  }

  /** Uniform integer in [low, high]. */
  integer(low: number, high: number): number {
    return low + Math.floor(this.next() * (high - low + 1))
  }

  pick<T>(choices: readonly [T, ...T[]]): T {
    return choices[this.integer(0, choices.length - 1)] ?? choices[0]
  }

  shuffle<T>(items: readonly T[]): T[] {
    const keyed = items.map((item) => ({ item, key: this.next() }))
    return keyed.sort((a, b) => a.key - b.key).map(({ item }) => item)
  }
}

export type Point = readonly number[]

/** An expression beside the plain arithmetic that it stands for. */
export interface Sample {
  readonly index: Index
  readonly value: (point: Point) => number
}

/** Three axes and a source of random expressions over them. */
export class ExpressionSource {
  readonly space: IndexSpace
  readonly random: Random
  readonly sizes: readonly number[]
  readonly axes: readonly Index[]
  readonly #position = new Map<Axis, number>()

  constructor(space: IndexSpace, random: Random) {
    this.space = space
    this.random = random
    this.sizes = [0, 1, 2].map(() => random.pick([1, 2, 3, 4, 5, 6, 7, 8, 12]))
    this.axes = this.sizes.map((size, i) => space.axis(size, 'ijk'[i]))
    for (const [position, index] of this.axes.entries()) {
      if (index.asAxis !== undefined) this.#position.set(index.asAxis, position)
    }
  }

  /** An expression with up to `depth` nested operations. */
  sample(depth: number): Sample {
    const { random, space } = this
    if (depth === 0) {
      const position = random.integer(0, 2)
      return { index: this.axes[position] ?? space.constant(0), value: (p) => p[position] ?? 0 }
    }
    const first = this.sample(depth - 1)
    const choice = random.next()
    if (choice < 0.4) return this.#sum(first, this.sample(depth - 1))
    return choice < 0.5 ? this.#digitPair(first) : this.#digit(first)
  }

  #sum(first: Sample, second: Sample): Sample {
    const { random, space } = this
    const constant = random.integer(-6, 6)
    const a = random.pick([1, 1, -1, 2, 3])
    const b = random.pick([1, -1, 2, 4, 6, 8, -3])
    return {
      index: space.sum(
        [
          [first.index, a],
          [second.index, b],
        ],
        constant,
      ),
      value: (p) => constant + a * first.value(p) + b * second.value(p),
    }
  }

  #digit(of: Sample): Sample {
    const divisor = this.random.pick([1, 2, 3, 4, 5, 6, 8, 12])
    return digitOf(of, divisor, this.random.pick([Infinity, 2, 3, 4, 6, 8, 12]))
  }

  /** Two adjacent digits with the weights of a mixed radix, as a reshape leaves them. */
  #digitPair(of: Sample): Sample {
    const { random } = this
    const divisor = random.pick([1, 1, 2, 3, 4])
    const modulus = random.pick([2, 3, 4, 6])
    const low = digitOf(of, divisor, modulus)
    const high = digitOf(of, divisor * modulus, random.pick([Infinity, 2, 3, 4]))
    return {
      index: low.index.add(high.index.mul(modulus)),
      value: (p) => low.value(p) + modulus * high.value(p),
    }
  }

  /** All points where there are at most `limit`, else that many random ones. */
  points(limit: number): Point[] {
    const [i = 1, j = 1, k = 1] = this.sizes
    const count = i * j * k
    const at = (n: number): Point => [Math.floor(n / (j * k)), Math.floor(n / k) % j, n % k]
    if (count <= limit) return Array.from({ length: count }, (_, n) => at(n))
    return Array.from({ length: limit }, () => at(this.random.integer(0, count - 1)))
  }

  evaluate(index: Index, point: Point): number {
    return index.evaluate((axis) => point[this.#position.get(axis) ?? 0] ?? 0)
  }
}

function digitOf(of: Sample, divisor: number, modulus: number): Sample {
  return {
    index: of.index.digit(divisor, modulus),
    value: (p) => {
      const quotient = Math.floor(of.value(p) / divisor)
      return modulus === Infinity ? quotient : quotient - modulus * Math.floor(quotient / modulus)
    },
  }
}
