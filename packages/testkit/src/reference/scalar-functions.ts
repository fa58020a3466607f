import { castNumber, type DType } from '@tensorweft/core'
import type { ElementRule } from './elementwise.ts'
import { erfInv } from './error-function.ts'

// Straightforward definitions in double precision, written without a look at the ops' own.

type Compute = ElementRule['compute']

const rounded = (compute: Compute): ElementRule => ({ compute, ulps: 0.5 })
const within = (ulps: number, compute: Compute): ElementRule => ({ compute, ulps })

/** An integer or bool result brought back into its dtype, as machine arithmetic does. */
function wrapped(dtype: DType, value: number): number {
  if (dtype === 'int32') return value | 0
  if (dtype === 'uint8') return value & 255
  return value
}

const arithmetic: Record<string, ElementRule> = {
  add: rounded((dtype, a = 0, b = 0) => wrapped(dtype, a + b)),
  sub: rounded((dtype, a = 0, b = 0) => wrapped(dtype, a - b)),
  mul: rounded((dtype, a = 0, b = 0) =>
    dtype === 'int32' ? Math.imul(a, b) : wrapped(dtype, a * b),
  ),
  neg: rounded((dtype, x = 0) => wrapped(dtype, -x)),
  abs: rounded((dtype, x = 0) => wrapped(dtype, Math.abs(x))),
  // Division of floats: within 2.5 units on graphics hardware.
  div: within(3, (_, a = 0, b = 0) => a / b),
  maximum: rounded((_, a = 0, b = 0) => Math.max(a, b)),
  minimum: rounded((_, a = 0, b = 0) => Math.min(a, b)),
  relu: rounded((_, x = 0) => Math.max(x, 0)),
  identity: rounded((_, x = 0) => x),
  stopGradient: rounded((_, x = 0) => x),
  shiftLeft: rounded((_, a = 0, b = 0) => a << b),
  shiftRight: rounded((_, a = 0, b = 0) => (a >>> b) | 0),
}

const comparisons: Record<string, ElementRule> = {
  less: rounded((_, a = 0, b = 0) => Number(a < b)),
  lessEqual: rounded((_, a = 0, b = 0) => Number(a <= b)),
  greater: rounded((_, a = 0, b = 0) => Number(a > b)),
  greaterEqual: rounded((_, a = 0, b = 0) => Number(a >= b)),
  logicalAnd: rounded((_, a = 0, b = 0) => Number(a !== 0 && b !== 0)),
  logicalOr: rounded((_, a = 0, b = 0) => Number(a !== 0 || b !== 0)),
  logicalNot: rounded((_, x = 0) => Number(x === 0)),
}

const transcendental: Record<string, ElementRule> = {
  sqrt: within(2, (_, x = 0) => Math.sqrt(x)),
  exp: within(4, (_, x = 0) => Math.exp(x)),
  log: within(4, (_, x = 0) => Math.log(x)),
  tanh: within(8, (_, x = 0) => Math.tanh(x)),
  sigmoid: within(8, (_, x = 0) => 1 / (1 + Math.exp(-x))),
  // The approximation behind it is one for single precision, in every dtype.
  erfInv: { compute: (_, x = 0) => erfInv(x), ulps: 8, relative: 5e-7 },
}

export const scalarFunctions: Readonly<Record<string, ElementRule>> = {
  ...arithmetic,
  ...comparisons,
  ...transcendental,
}

/** Conversion to `dtype`: numbers saturate on the way from float to integer, integers wrap. */
export function castRule(dtype: DType): ElementRule {
  return rounded((from, x = 0) => {
    const isInteger = from === 'int32' || from === 'uint8' || from === 'bool'
    if (dtype === 'float32' || dtype === 'float64') return x
    return isInteger && dtype !== 'bool' ? wrapped(dtype, x) : castNumber(x, dtype)
  })
}
