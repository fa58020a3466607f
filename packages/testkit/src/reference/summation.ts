import type { DType, Shape } from '@tensorweft/core'
import { type Approximation, emptyApproximation } from './approximation.ts'
import { roundoffOf, roundTo } from './rounding.ts'

/** Adds up terms that are known up to their radii, in any order and association. */
export class Summation {
  readonly #dtype: DType
  #sum = 0
  #size = 0
  #finiteSize = 0
  #spread = 0
  #count = 0
  #isExact = true

  constructor(dtype: DType) {
    this.#dtype = dtype
  }

  add(value: number, radius: number): void {
    this.#sum += value
    this.#size += Math.abs(value)
    if (Number.isFinite(value)) this.#finiteSize += Math.abs(value)
    this.#spread += radius
    this.#count++
    this.#isExact &&= radius === 0 && Number.isInteger(value)
  }

  /** Sums of integers below 2^24 are exact; others lose up to ½ unit of the absolute sum a term. */
  get result(): { value: number; radius: number } {
    if (this.#dtype === 'int32') return { value: this.#sum | 0, radius: this.#spread }
    if (this.#dtype === 'uint8') return { value: this.#sum & 255, radius: this.#spread }
    if (this.#isExact && this.#size < 2 ** 24) return { value: this.#sum, radius: 0 }
    const rounding = this.#count * 2 * roundoffOf(this.#dtype) * this.#size
    // What an order of additions may drive to infinity on the way, another need not.
    if (this.#finiteSize > 1e38) return { value: this.#sum, radius: Number.POSITIVE_INFINITY }
    const spread = this.#spread + (Number.isFinite(rounding) ? rounding : 0)
    return roundTo(this.#dtype, this.#sum, spread, 1)
  }
}

/** Adds the product of an element of each. */
export function addProduct(
  summation: Summation,
  a: Approximation,
  left: number,
  b: Approximation,
  right: number,
): void {
  const [x = 0, y = 0] = [a.values[left], b.values[right]]
  const [dx = 0, dy = 0] = [a.radii[left], b.radii[right]]
  const spread = dx === 0 && dy === 0 ? 0 : Math.abs(x) * dy + Math.abs(y) * dx + dx * dy
  const product = a.dtype === 'int32' ? Math.imul(x, y) : x * y
  summation.add(product, Number.isNaN(spread) ? Number.POSITIVE_INFINITY : spread)
}

/** A sum for every element of an array. */
export class Summations {
  readonly #result: Approximation
  readonly #sums: Summation[]

  constructor(shape: Shape, dtype: Approximation['dtype']) {
    this.#result = emptyApproximation(shape, dtype)
    this.#sums = Array.from(this.#result.values, () => new Summation(dtype))
  }

  at(position: number): Summation {
    const found = this.#sums[position]
    if (found === undefined) throw new RangeError(`no element ${position}`)
    return found
  }

  get result(): Approximation {
    this.#sums.forEach((sum, i) => {
      const { value, radius } = sum.result
      this.#result.values[i] = value
      this.#result.radii[i] = radius
    })
    return this.#result
  }
}
