import type { Combiner } from '@tensorweft/core'
import { largestExact, type RandomDType } from './random-program.ts'

const combiners: readonly Combiner[] = ['sum', 'prod', 'max', 'min']

/** Most that float values may be in magnitude, so that the result of `size` of them is exact. */
export function mostFor(combiner: Combiner, size: number): number {
  const terms = Math.max(size, 1)
  if (combiner === 'sum') return Math.floor(largestExact / terms)
  return combiner === 'prod' ? Math.floor(largestExact ** (1 / terms)) : largestExact
}

/** What the result is in magnitude at most, where it is finite. */
export function reducedBound(combiner: Combiner, size: number, bound: number): number {
  if (combiner === 'sum') return bound * size
  return combiner === 'prod' ? Math.max(bound, 1) ** size : bound
}

/** Combiners whose result of `size` values of some magnitude is exact; integers wrap. */
export function exactCombiners(
  dtype: RandomDType,
  size: number,
  bound: number,
): readonly Combiner[] {
  if (dtype !== 'float32') return combiners
  return combiners.filter((combiner) => bound <= mostFor(combiner, size))
}
