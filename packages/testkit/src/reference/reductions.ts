import type { DType, Shape } from '@tensorweft/core'
import { type Approximation, emptyApproximation } from './approximation.ts'
import { forEachPoint, positionOf } from './points.ts'
import { deviation, roundoffOf, roundTo } from './rounding.ts'

/** Adds up terms that are known up to their radii, in any order and association. */
export class Summation {
  readonly #dtype: DType
  #sum = 0
  #size = 0
  #spread = 0
  #count = 0
  #isExact = true

  constructor(dtype: DType) {
    this.#dtype = dtype
  }

  add(value: number, radius: number): void {
    this.#sum += value
    this.#size += Math.abs(value)
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
    const mayOverflow = this.#size !== Number.POSITIVE_INFINITY && this.#size > 1e38
    if (mayOverflow) return { value: this.#sum, radius: Number.POSITIVE_INFINITY }
    const spread = this.#spread + (Number.isFinite(rounding) ? rounding : 0)
    return roundTo(this.#dtype, this.#sum, spread, 1)
  }
}

/** The elements of each result of a reduction, as positions in the input. */
function groups(shape: Shape, axes: readonly number[]): { shape: number[]; members: number[][] } {
  const kept = shape.filter((_, axis) => !axes.includes(axis))
  const position = positionOf(kept)
  const members: number[][] = []
  forEachPoint(kept, () => members.push([]))
  forEachPoint(shape, (at, from) => {
    const to = position(at.filter((_, axis) => !axes.includes(axis)))
    members[to]?.push(from)
  })
  return { shape: kept, members }
}

export function sum(x: Approximation, axes: readonly number[]): Approximation {
  const { shape, members } = groups(x.shape, axes)
  const result = emptyApproximation(shape, x.dtype)
  members.forEach((positions, to) => {
    const summation = new Summation(x.dtype)
    for (const from of positions) summation.add(x.values[from] ?? 0, x.radii[from] ?? 0)
    const { value, radius } = summation.result
    result.values[to] = value
    result.radii[to] = radius
  })
  return result
}

export function extremum(
  choose: (...values: readonly number[]) => number,
  x: Approximation,
  axes: readonly number[],
): Approximation {
  const { shape, members } = groups(x.shape, axes)
  const result = emptyApproximation(shape, x.dtype)
  members.forEach((positions, to) => {
    const shifted = (sign: number) =>
      choose(...positions.map((from) => (x.values[from] ?? 0) + sign * (x.radii[from] ?? 0)))
    const centre = shifted(0)
    result.values[to] = centre
    result.radii[to] = positions.some((from) => x.radii[from] === Number.POSITIVE_INFINITY)
      ? Number.POSITIVE_INFINITY
      : deviation(centre, [shifted(-1), shifted(1)])
  })
  return result
}
