import type { DType } from '@tensorweft/core'
import { type Rounded, roundoffOf, roundTo } from './rounding.ts'

/** Products of partial results may leave these bounds in one order and not in another. */
const [largest, smallest] = [1e38, 1e-37]

/** Multiplies factors that are known up to their radii, in any order and association. */
export class Multiplication {
  readonly #dtype: DType
  #product = 1
  #greatest = 1
  #above = 1
  #below = 1
  #count = 0
  #isExact = true

  constructor(dtype: DType) {
    this.#dtype = dtype
  }

  add(value: number, radius: number): void {
    this.#product =
      this.#dtype === 'int32' ? Math.imul(this.#product, value) : this.#product * value
    const size = Math.abs(value)
    this.#greatest *= size + radius
    this.#above *= Math.max(1, size + radius)
    if (size > 0) this.#below *= Math.min(1, size)
    this.#count++
    this.#isExact &&= radius === 0 && Number.isInteger(value)
  }

  get result(): Rounded {
    const value = this.#product
    if (this.#dtype === 'int32')
      return { value, radius: this.#isExact ? 0 : Number.POSITIVE_INFINITY }
    // One factor alone is not multiplied.
    const isOutside = !(this.#above < largest && this.#below > smallest)
    if (isOutside && this.#count > 1) return { value, radius: Number.POSITIVE_INFINITY }
    if (this.#isExact && this.#above < 2 ** 24) return { value, radius: 0 }
    const spread = this.#greatest - Math.abs(value)
    const rounding = this.#count * 2 * roundoffOf(this.#dtype) * this.#greatest
    return roundTo(this.#dtype, value, spread + rounding, 1)
  }
}
