import { defineBinary } from './define-elementwise.ts'

const bool = () => 'bool' as const

/** Whether `a = b`; false if either is NaN. */
export const equal = defineBinary<'bool'>({
  name: 'equal',
  result: bool,
  expression: (scalar, a, b) => scalar.equal(a, b),
})

/** Whether `a ≠ b`; true if either is NaN. */
export const notEqual = defineBinary<'bool'>({
  name: 'notEqual',
  result: bool,
  expression: (scalar, a, b) => scalar.not(scalar.equal(a, b)),
})

/** Whether `a < b`. */
export const less = defineBinary<'bool'>({
  name: 'less',
  result: bool,
  expression: (scalar, a, b) => scalar.less(a, b),
})

/** Whether `a ≤ b`. */
export const lessEqual = defineBinary<'bool'>({
  name: 'lessEqual',
  result: bool,
  expression: (scalar, a, b) => scalar.or(scalar.less(a, b), scalar.equal(a, b)),
})

/** Whether `a > b`. */
export const greater = defineBinary<'bool'>({
  name: 'greater',
  result: bool,
  expression: (scalar, a, b) => scalar.less(b, a),
})

/** Whether `a ≥ b`. */
export const greaterEqual = defineBinary<'bool'>({
  name: 'greaterEqual',
  result: bool,
  expression: (scalar, a, b) => scalar.or(scalar.less(b, a), scalar.equal(a, b)),
})
