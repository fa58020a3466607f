import { isFloat, type TypedArray } from '@tensorweft/core'
import { describeMismatches } from '../reference/compare.ts'
import type { GoldenOutput, Tolerance } from './golden-case.ts'

/**
 * How values differ from a true answer, in a few lines; undefined if they do not. Floats may be
 * off by `atol + rtol · |wanted|`, integers and bools by nothing; NaN matches NaN, an infinity the
 * same infinity, and −0 is 0.
 *
 * @example
 * ```ts
 * const wanted = { shape: [2], dtype: 'float32', values: new Float64Array([1, 0]) } as const
 * const tolerance = { rtol: 1e-6, atol: 1e-7 }
 * describeGoldenMismatch(new Float32Array([1.0000001, 0]), wanted, tolerance) // undefined
 * ```
 */
export function describeGoldenMismatch(
  got: TypedArray,
  { shape, dtype, values }: GoldenOutput,
  { rtol, atol }: Tolerance,
): string | undefined {
  const radii = values.map((wanted) =>
    isFloat(dtype) && Number.isFinite(wanted) ? atol + rtol * Math.abs(wanted) : 0,
  )
  return describeMismatches(got, { shape, dtype, values, radii })
}
