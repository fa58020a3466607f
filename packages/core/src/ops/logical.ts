import { isBool } from './check-dtype.ts'
import { defineBinary, defineUnary } from './define-elementwise.ts'

/** Whether both hold. */
export const logicalAnd = defineBinary<'bool'>({
  name: 'logicalAnd',
  accepts: isBool,
  expression: (scalar, a, b) => scalar.and(a, b),
})

/** Whether at least one holds. */
export const logicalOr = defineBinary<'bool'>({
  name: 'logicalOr',
  accepts: isBool,
  expression: (scalar, a, b) => scalar.or(a, b),
})

/** Whether exactly one holds. */
export const logicalXor = defineBinary<'bool'>({
  name: 'logicalXor',
  accepts: isBool,
  expression: (scalar, a, b) => scalar.xor(a, b),
})

/** Whether it does not hold. */
export const logicalNot = defineUnary({
  name: 'logicalNot',
  accepts: isBool,
  expression: (scalar, x) => scalar.not(x),
})
