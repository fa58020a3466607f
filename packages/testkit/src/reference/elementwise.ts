import type { DType, Shape } from '@tensorweft/core'
import { type Approximation, emptyApproximation } from './approximation.ts'
import { deviation, roundTo } from './rounding.ts'

/** A function of one element of each argument. */
export interface ElementRule {
  /** The result in double precision. `dtype` is that of the first argument. */
  readonly compute: (dtype: DType, ...args: readonly number[]) => number
  /** Units in the last place by which a backend may be off; ½ for correct rounding. */
  readonly ulps: number
  /** Relative error that the function has in every dtype. */
  readonly relative?: number
  /** Whether arguments up to their radii tell anything at all; by default always. */
  readonly isKnown?: (values: readonly number[], radii: readonly number[], dtype: DType) => boolean
}

/**
 * Applies a rule element by element. How uncertain arguments make the result uncertain is found by
 * trying the ends of their intervals: exact for functions that are monotone in each argument.
 */
export function elementwise(
  rule: ElementRule,
  args: readonly Approximation[],
  shape: Shape,
  dtype: DType,
): Approximation {
  const result = emptyApproximation(shape, dtype)
  const from = args[0]?.dtype ?? dtype
  for (let i = 0; i < result.values.length; i++) {
    const values = args.map((arg) => arg.values[i] ?? 0)
    const radii = args.map((arg) => arg.radii[i] ?? 0)
    const centre = rule.compute(from, ...values)
    const isKnown = rule.isKnown?.(values, radii, from) ?? true
    const spread = isKnown ? spreadOf(rule, from, centre, values, radii) : Number.POSITIVE_INFINITY
    const error = Number.isFinite(centre) ? (rule.relative ?? 0) * Math.abs(centre) : 0
    const { value, radius } = roundTo(dtype, centre, spread + error, rule.ulps)
    result.values[i] = value
    result.radii[i] = radius
  }
  return result
}

function spreadOf(
  rule: ElementRule,
  dtype: DType,
  centre: number,
  values: readonly number[],
  radii: readonly number[],
): number {
  if (radii.every((radius) => radius === 0) && !values.includes(0)) return 0
  // Integers wrap, so that the ends of an interval say nothing about what lies between them.
  const isInteger = dtype === 'int32' || dtype === 'uint8'
  if (isInteger && radii.every((radius) => radius === 0)) return 0
  if (isInteger || radii.includes(Number.POSITIVE_INFINITY)) return Number.POSITIVE_INFINITY
  const ends = corners(values, radii).map((corner) => rule.compute(dtype, ...corner))
  return deviation(centre, ends)
}

/** All combinations of the ends and the centre of each interval, with both zeros if it holds 0. */
function corners(values: readonly number[], radii: readonly number[]): number[][] {
  return values.reduce<number[][]>(
    (all, value, i) => {
      const radius = radii[i] ?? 0
      const ends = radius === 0 ? [value] : [value - radius, value, value + radius]
      const points = Math.abs(value) <= radius ? [...ends, 0, -0] : ends
      return all.flatMap((corner) => points.map((point) => [...corner, point]))
    },
    [[]],
  )
}
