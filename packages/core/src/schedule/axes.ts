import { type Axis, type Index, splitAxes } from '../index-algebra/index.ts'
import { indicesOf, postOrder, type Scalar } from '../scalar/scalar.ts'

/** The loop axes of a kernel: flat axes split until loads are affine where they can be. */
export interface KernelAxes {
  /** The expression over the final axes. */
  resolve(index: Index): Index
  /** The final axes that a flat axis became, outermost first. */
  partsOf(flat: Index): readonly Axis[]
}

/**
 * Splits the axes that occur in `scalars`, and in the indices at which results are stored, for the
 * sake of their index expressions.
 */
export function splitKernelAxes(
  scalars: readonly Scalar[],
  stores: readonly Index[] = [],
): KernelAxes {
  const indices = new Set([...postOrder(scalars).flatMap(indicesOf), ...stores])
  const { substitution, parts } = splitAxes([...indices])
  return {
    resolve: (index) => index.substitute(substitution),
    partsOf: (flat) => [...flat.axes()].flatMap((axis) => parts.get(axis) ?? [axis]),
  }
}

/** All final axes on which a scalar depends. */
export function axesUsed(scalar: Scalar, axes: KernelAxes): ReadonlySet<Axis> {
  const indices = postOrder([scalar]).flatMap(indicesOf)
  return new Set(indices.flatMap((index) => [...axes.resolve(index).axes()]))
}
