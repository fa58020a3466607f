import { ArgumentError } from '../errors.ts'
import type { Tensor } from '../graph/tensor.ts'
import { add } from '../ops/add.ts'
import { cast } from '../ops/cast.ts'
import { checkNumber } from '../ops/check-numbers.ts'
import { erfInv } from '../ops/erf-inv.ts'
import { minimum } from '../ops/extremum.ts'
import { mul } from '../ops/mul.ts'
import { shiftRight } from '../ops/shift.ts'
import type { Shape } from '../shape.ts'
import { bitsFor, type Key } from './key.ts'

export interface UniformOptions {
  /** Least value, by default 0. */
  readonly low?: number
  /** Bound that is not reached, by default 1. */
  readonly high?: number
}

export interface NormalOptions {
  readonly mean?: number
  readonly standardDeviation?: number
}

/**
 * Uniformly distributed float32 in [low, high).
 *
 * @throws ArgumentError unless low < high.
 */
export function randomUniform(
  from: Key,
  shape: Shape,
  { low = 0, high = 1 }: UniformOptions = {},
): Tensor {
  if (![low, high].every(Number.isFinite) || low >= high) {
    throw new ArgumentError('randomUniform', { got: `[${low}, ${high})`, wanted: 'low < high' })
  }
  return uniform('randomUniform', from, shape, low, high)
}

function uniform(op: string, from: Key, shape: Shape, low: number, high: number): Tensor {
  // 23 bits at the centres of equal cells: never 0 and never 1, so that logarithms stay finite.
  const cells = cast(shiftRight(bitsFor(op, from, shape), 9), 'float32')
  const unit = mul(add(cells, 0.5), 2 ** -23)
  // Rounding must not reach the bound.
  return minimum(add(mul(unit, high - low), low), floatBelow(high))
}

/** Normally distributed float32. */
export function randomNormal(from: Key, shape: Shape, options: NormalOptions = {}): Tensor {
  return normal('randomNormal', from, shape, 1, options)
}

/**
 * Normally distributed float32 of which nothing lies further than two standard deviations from the
 * mean: the inverse of the distribution function, applied to the part that is kept.
 */
export function truncatedNormal(from: Key, shape: Shape, options: NormalOptions = {}): Tensor {
  const bound = 0.9544997361036416 // erf(2 / √2)
  return normal('truncatedNormal', from, shape, bound, options)
}

function normal(
  op: string,
  from: Key,
  shape: Shape,
  bound: number,
  { mean = 0, standardDeviation = 1 }: NormalOptions,
): Tensor {
  checkNumber(op, 'mean', mean)
  checkNumber(op, 'standardDeviation', standardDeviation, 0)
  const x = erfInv(uniform(op, from, shape, -bound, bound))
  return add(mul(x, Math.SQRT2 * standardDeviation), mean)
}

/** The greatest float32 below `x`. */
function floatBelow(x: number): number {
  const nearest = Math.fround(x)
  if (nearest < x) return nearest
  const bits = new Int32Array(new Float32Array([nearest]).buffer)
  const [own = 0] = bits
  bits[0] = nearest > 0 ? own - 1 : nearest < 0 ? own + 1 : -(2 ** 31) + 1
  return new Float32Array(bits.buffer)[0] ?? nearest
}
