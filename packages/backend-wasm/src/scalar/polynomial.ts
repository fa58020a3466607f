import { f32x4 } from '../assembler/index.ts'
import { multiplyAdd } from './fused.ts'
import type { LocalSource, Vector } from './vector.ts'

/**
 * `c0 + x (c1 + x (c2 + …))` in float32. Every step is a statement of its own, so that those of
 * several vectors can take turns.
 */
export function polynomial(f: LocalSource, x: Vector, coefficients: readonly number[]): Vector {
  return coefficients
    .slice(0, -1)
    .reduceRight<Vector>(
      (value, coefficient) => f.local('v128', multiplyAdd(value, x, f32x4.constSplat(coefficient))),
      f32x4.constSplat(coefficients.at(-1) ?? 0),
    )
}
