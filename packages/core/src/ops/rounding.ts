import { defineUnary } from './define-elementwise.ts'

/** The greatest integer ≤ `x`. The gradient is 0, at the steps too. */
export const floor = defineUnary({
  name: 'floor',
  expression: (scalar, x) => scalar.floor(x),
  vjp: () => undefined,
})

/** The least integer ≥ `x`. The gradient is 0, at the steps too. */
export const ceil = defineUnary({
  name: 'ceil',
  expression: (scalar, x) => scalar.mul(scalar.floor(scalar.mul(x, -1)), -1),
  vjp: () => undefined,
})

/**
 * The nearest integer, the even one of two that are equally near. The gradient is 0, at the steps
 * too.
 */
export const round = defineUnary({
  name: 'round',
  expression: (scalar, x) => {
    const below = scalar.floor(x)
    const rest = scalar.sub(x, below)
    const isOdd = scalar.equal(scalar.mod(below, 2), 1)
    const isAbove = scalar.less(scalar.constant(x.dtype, 0.5), rest)
    const goesUp = scalar.or(isAbove, scalar.and(scalar.equal(rest, 0.5), isOdd))
    return scalar.add(below, scalar.where(goesUp, scalar.constant(x.dtype, 1), 0))
  },
  vjp: () => undefined,
})
