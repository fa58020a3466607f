import { type DType, isFloat } from '../dtype.ts'
import type { Operand, Tensor } from '../graph/tensor.ts'
import { power } from '../scalar/power.ts'
import { equal, greater } from './compare.ts'
import { type BinaryOp, defineBinary } from './define-elementwise.ts'
import { log } from './log.ts'
import { logicalAnd } from './logical.ts'
import { mul } from './mul.ts'
import { square } from './square.ts'
import { sub } from './sub.ts'
import { where } from './where.ts'

const powOp: BinaryOp = defineBinary({
  name: 'pow',
  accepts: isFloat,
  expression: power,
  vjp: (dy, a, b, y) => ({ a: mul(dy, slopeByBase(a, b)), b: mul(dy, slopeByExponent(a, y)) }),
})

/** `b a^(b − 1)`; 0 for 0^0, where the power would be infinite. */
function slopeByBase(a: Tensor, b: Tensor): Tensor {
  const isZeroToZero = logicalAnd(equal(a, 0), equal(b, 0))
  return mul(b, powOp(a, where(isZeroToZero, 1, sub(b, 1))))
}

/** `a^b log a`; 0 where `a` is not positive: at 0 that is the limit, below there is none. */
function slopeByExponent(a: Tensor, y: Tensor): Tensor {
  const isPositive = greater(a, 0)
  return mul(where(isPositive, y, 0), log(where(isPositive, a, 1)))
}

/**
 * `a^b`, broadcast, accurate to a few units in the last place up to the largest numbers. `a^0` is 1
 * for every `a`; a negative `a` has powers for integer `b` only, else NaN.
 *
 * @throws DTypeError for integers and bools.
 * @example
 * ```ts
 * const y = pow(tensor([1, 4, 9]), 0.5)
 * await y.array() // [1, 2, 3]
 * ```
 */
export function pow<D extends DType>(a: number, b: Operand<D>): Tensor<D>
export function pow<D extends DType>(a: Operand<D>, b: Operand<NoInfer<D>>): Tensor<D>
export function pow<D extends DType>(a: Operand<D>, b: Operand<D>): Tensor<D> {
  return b === 2 && typeof a === 'object' && isFloat(a.dtype) ? square(a) : powOp(a, b)
}
