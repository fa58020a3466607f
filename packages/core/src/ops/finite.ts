import { isFloat } from '../dtype.ts'
import { magnitude } from '../scalar/parts.ts'
import { defineUnary } from './define-elementwise.ts'

const accepts = () => true

/** Whether `x` is NaN: bool. Integers never are. */
export const isNan = defineUnary<'bool'>({
  name: 'isNan',
  accepts,
  result: 'bool',
  expression: (scalar, x) => scalar.not(scalar.equal(x, x)),
})

/** Whether `x` is neither NaN nor infinite: bool. Integers always are. */
// biome-ignore lint/suspicious/noShadowRestrictedNames: the name that the field has for it; the global one is not used here.
export const isFinite = defineUnary<'bool'>({
  name: 'isFinite',
  accepts,
  result: 'bool',
  expression: (scalar, x) =>
    isFloat(x.dtype)
      ? scalar.less(magnitude(scalar, x), Number.POSITIVE_INFINITY)
      : scalar.constant('bool', 1),
})

/** Whether `x` is ∞ or −∞: bool. Integers never are. */
export const isInfinite = defineUnary<'bool'>({
  name: 'isInfinite',
  accepts,
  result: 'bool',
  expression: (scalar, x) =>
    isFloat(x.dtype)
      ? scalar.equal(magnitude(scalar, x), Number.POSITIVE_INFINITY)
      : scalar.constant('bool', 0),
})
