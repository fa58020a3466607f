import type { DigitData, IndexData, RangeData } from '@tensorweft/core'
import { affineOver, type Space } from './space.ts'
import { Walk } from './walk.ts'

/** Adds `coefficient · (floor(of / divisor) mod modulus)` to `values`, with floor semantics. */
function addDigit(n: number, values: Float64Array, of: Float64Array, digit: DigitData): void {
  const { divisor, modulus, coefficient } = digit
  for (let k = 0; k < n; k++) {
    const quotient = Math.floor((of[k] ?? 0) / divisor)
    const value = modulus === 0 ? quotient : quotient - modulus * Math.floor(quotient / modulus)
    values[k] = (values[k] ?? 0) + coefficient * value
  }
}

/**
 * An index written out point by point: the slow and general way, for indices with digits.
 * Doubles hold every index below 2^53 exactly, and floor division of them is exact too.
 */
export class IndexVector {
  readonly values: Float64Array
  private readonly walk: Walk
  private readonly digits: readonly { digit: DigitData; of: IndexVector }[]

  constructor(space: Space, index: IndexData, capacity: number) {
    this.values = new Float64Array(capacity)
    this.walk = new Walk(space, [affineOver(space, index)])
    this.digits = index.digits.map((digit) => ({
      digit,
      of: new IndexVector(space, digit.of, capacity),
    }))
  }

  /** Makes the values of `count` points from `start` on. */
  fill(start: number, count: number): void {
    const { walk, values } = this
    const stride = walk.strides[0] ?? 0
    walk.seek(start)
    for (let o = 0; o < count; ) {
      const n = Math.min(walk.remaining, count - o)
      const first = walk.values[0] ?? 0
      for (let k = 0; k < n; k++) values[o + k] = first + k * stride
      walk.advance(n)
      o += n
    }
    for (const { digit, of } of this.digits) {
      of.fill(start, count)
      addDigit(count, values, of.values, digit)
    }
  }
}

/** Whether all of some ranges hold, point by point. */
export class MaskVector {
  readonly values: Uint8Array
  private readonly ranges: readonly { low: number; high: number; index: IndexVector }[]

  constructor(space: Space, within: readonly RangeData[], capacity: number) {
    this.values = new Uint8Array(capacity)
    this.ranges = within.map(({ index, low, high }) => ({
      low,
      high,
      index: new IndexVector(space, index, capacity),
    }))
  }

  fill(start: number, count: number): void {
    const { values } = this
    values.fill(1, 0, count)
    for (const { low, high, index } of this.ranges) {
      index.fill(start, count)
      for (let k = 0; k < count; k++) {
        const value = index.values[k] ?? 0
        if (value < low || value >= high) values[k] = 0
      }
    }
  }
}
