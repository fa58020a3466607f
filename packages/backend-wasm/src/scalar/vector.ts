import { type Code, f32x4, type Local } from '../assembler/index.ts'
import { multiplyAdd } from './fused.ts'

/** Four lanes of float32 or int32. */
export type Vector = Code<'v128'>
export type VectorLocal = Local<'v128'>

/** What rendering needs of the function that it writes into. */
export interface LocalSource {
  local(type: 'v128', value?: Vector): VectorLocal
}

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
