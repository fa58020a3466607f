import type { Attributes, DType } from '@tensorweft/core'
import { type Approximation, emptyApproximation } from './approximation.ts'
import type { Fold } from './fold.ts'
import { linesAlong } from './lines.ts'
import { Multiplication } from './multiplication.ts'
import { Summation } from './summation.ts'

/** What the elements up to each one give together. */
function cumulative(
  x: Approximation,
  { axis }: Attributes,
  begin: (dtype: DType) => Fold,
): Approximation {
  const result = emptyApproximation(x.shape, x.dtype)
  for (const line of linesAlong(x.shape, Number(axis))) {
    const fold = begin(x.dtype)
    for (const position of line) {
      fold.add(x.values[position] ?? 0, x.radii[position] ?? 0)
      const { value, radius } = fold.result
      result.values[position] = value
      result.radii[position] = radius
    }
  }
  return result
}

export function cumSum(x: Approximation, attributes: Attributes): Approximation {
  return cumulative(x, attributes, (dtype) => new Summation(dtype))
}

export function cumProd(x: Approximation, attributes: Attributes): Approximation {
  return cumulative(x, attributes, (dtype) => new Multiplication(dtype))
}
