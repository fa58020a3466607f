import type { Tensor } from '../graph/tensor.ts'
import { add } from './add.ts'
import { equal, greater, less } from './compare.ts'
import { defineBinary } from './define-elementwise.ts'
import { mul } from './mul.ts'
import { where } from './where.ts'

/** dy where `wins`, half of it at a tie, 0 elsewhere. */
function share(dy: Tensor, wins: Tensor<'bool'>, ties: Tensor<'bool'>): Tensor {
  return add(where(wins, dy, 0), where(ties, mul(dy, 0.5), 0))
}

/** The greater of two; NaN if either is NaN. A tie splits the gradient evenly. */
export const maximum = defineBinary({
  name: 'maximum',
  expression: (scalar, a, b) => scalar.max(a, b),
  vjp: (dy, a, b) => ({
    a: share(dy, greater(a, b), equal(a, b)),
    b: share(dy, less(a, b), equal(a, b)),
  }),
})

/** The lesser of two; NaN if either is NaN. A tie splits the gradient evenly. */
export const minimum = defineBinary({
  name: 'minimum',
  expression: (scalar, a, b) => scalar.min(a, b),
  vjp: (dy, a, b) => ({
    a: share(dy, less(a, b), equal(a, b)),
    b: share(dy, greater(a, b), equal(a, b)),
  }),
})
