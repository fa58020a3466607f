import type { Axis } from '../index-algebra/index.ts'
import type { ReduceScalar, Scalar } from '../scalar/scalar.ts'
import { axesUsed, type KernelAxes } from './axes.ts'

/** A sum of products with the axes of each side told apart. */
export interface Product {
  readonly left: readonly Scalar[]
  readonly right: readonly Scalar[]
  readonly batch: readonly Axis[]
  readonly m: readonly Axis[]
  readonly n: readonly Axis[]
  readonly k: readonly Axis[]
}

interface Factor {
  readonly scalar: Scalar
  readonly axes: ReadonlySet<Axis>
}

/**
 * Reads a reduction as `Σ over k of left[batch, m, k] · right[batch, n, k]`: flattens the product
 * and groups its factors by the output axes they use. Output axes in both sides are the batch,
 * in one side m or n. Undefined if a factor mixes both sides or a side has nothing of its own.
 */
export function findProduct(
  reduction: ReduceScalar,
  outer: readonly Axis[],
  reduced: readonly Axis[],
  axes: KernelAxes,
): Product | undefined {
  if (reduction.combiner !== 'sum' || !reduction.dtype.startsWith('float')) return undefined
  const factors = factorsOf(reduction.body).map((scalar) => ({
    scalar,
    axes: axesUsed(scalar, axes),
  }))
  const sides = divide(factors, outer)
  if (sides === undefined) return undefined
  const [first, second] = sides
  const uses = (side: readonly Factor[]) => (axis: Axis) => side.some((f) => f.axes.has(axis))
  const [inFirst, inSecond] = [uses(first), uses(second)]
  const shared = outer.filter((axis) => inFirst(axis) === inSecond(axis))
  const own = outer.filter((axis) => inFirst(axis) !== inSecond(axis))
  // The side of the outermost axis of its own is the left one, so that n holds the inner axes.
  const swap = own[0] !== undefined && inSecond(own[0])
  const [left, right] = swap ? [second, first] : [first, second]
  const inLeft = uses(left)
  return {
    left: left.map((factor) => factor.scalar),
    right: right.map((factor) => factor.scalar),
    batch: shared,
    m: own.filter(inLeft),
    n: own.filter((axis) => !inLeft(axis)),
    k: reduced,
  }
}

function factorsOf(scalar: Scalar): Scalar[] {
  return scalar.kind === 'apply' && scalar.instruction === 'mul'
    ? scalar.args.flatMap(factorsOf)
    : [scalar]
}

/** Two sides, each with an output axis that the other lacks; undefined if there are none. */
function divide(
  factors: readonly Factor[],
  outer: readonly Axis[],
): [Factor[], Factor[]] | undefined {
  const own = (factor: Factor) => outer.filter((axis) => factor.axes.has(axis))
  const bySpan = [...factors].sort((a, b) => own(b).length - own(a).length)
  const [first] = bySpan
  const second = bySpan.find((factor) => first && !isSubset(own(factor), first.axes))
  if (first === undefined || second === undefined) return undefined
  const sides: [Factor[], Factor[]] = [[], []]
  for (const factor of factors) {
    if (isSubset(own(factor), first.axes)) sides[0].push(factor)
    else if (isSubset(own(factor), second.axes)) sides[1].push(factor)
    else return undefined
  }
  return sides
}

function isSubset(axes: readonly Axis[], of: ReadonlySet<Axis>): boolean {
  return axes.every((axis) => of.has(axis))
}
