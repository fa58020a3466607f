import { castNumber, type DType, isFloat } from '@tensorweft/core'
import type { ElementRule } from './elementwise.ts'
import { erf, erfc, erfInv } from './error-function.ts'

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
  relu6: rounded((_, x = 0) => Math.min(Math.max(x, 0), 6)),
  sign: rounded((_, x = 0) => Math.sign(x)),
  floor: rounded((_, x = 0) => Math.floor(x)),
  ceil: rounded((_, x = 0) => Math.ceil(x)),
  round: rounded((_, x = 0) => halfToEven(x)),
  mod: { ...rounded((dtype, a = 0, b = 0) => remainder(dtype, a, b)), isKnown: isOneQuotient },
  floorDiv: rounded((dtype, a = 0, b = 0) => wrapped(dtype, quotient(dtype, a, b))),
  reciprocal: within(3, (_, x = 0) => 1 / x),
  shiftLeft: rounded((_, a = 0, b = 0) => a << b),
  shiftRight: rounded((_, a = 0, b = 0) => (a >>> b) | 0),
}

/** Of integers by 0: 0. */
function quotient(dtype: DType, a: number, b: number): number {
  return b === 0 && !isFloat(dtype) ? 0 : Math.floor(a / b)
}

/** With the sign of the divisor; exact, as the remainder operator is. */
function remainder(dtype: DType, a: number, b: number): number {
  if (b === 0 && !isFloat(dtype)) return 0
  const rest = a % b
  return rest !== 0 && rest < 0 !== b < 0 ? rest + b : rest
}

/** Remainders of larger quotients need more digits than the formula of the instruction keeps. */
const largestQuotient = 2 ** 24

/** A remainder jumps where the quotient passes an integer. */
function isOneQuotient(values: readonly number[], radii: readonly number[], dtype: DType): boolean {
  if (!isFloat(dtype)) return true
  const [a = 0, b = 0] = values
  const [da = 0, db = 0] = radii
  const ends = (x: number, radius: number) => (radius === 0 ? [x] : [x - radius, x + radius])
  const quotients = ends(a, da).flatMap((x) => ends(b, db).map((y) => Math.floor(x / y)))
  if (quotients.some((n) => Number.isFinite(n) && Math.abs(n) > largestQuotient)) return false
  if (Math.abs(b) === Number.POSITIVE_INFINITY) return false
  return da + db === 0 || (Math.abs(b) > db && new Set(quotients).size === 1)
}

function halfToEven(x: number): number {
  const below = Math.floor(x)
  const nearest = x - below === 0.5 ? below + Math.abs(below % 2) : Math.round(x)
  return Number.isFinite(x) ? nearest : x
}

const comparisons: Record<string, ElementRule> = {
  less: rounded((_, a = 0, b = 0) => Number(a < b)),
  lessEqual: rounded((_, a = 0, b = 0) => Number(a <= b)),
  greater: rounded((_, a = 0, b = 0) => Number(a > b)),
  greaterEqual: rounded((_, a = 0, b = 0) => Number(a >= b)),
  logicalAnd: rounded((_, a = 0, b = 0) => Number(a !== 0 && b !== 0)),
  logicalOr: rounded((_, a = 0, b = 0) => Number(a !== 0 || b !== 0)),
  logicalXor: rounded((_, a = 0, b = 0) => Number((a !== 0) !== (b !== 0))),
  logicalNot: rounded((_, x = 0) => Number(x === 0)),
  isNan: rounded((_, x = 0) => Number(Number.isNaN(x))),
  isFinite: rounded((_, x = 0) => Number(Number.isFinite(x))),
  isInfinite: rounded((_, x = 0) => Number(Math.abs(x) === Number.POSITIVE_INFINITY)),
}

const transcendental: Record<string, ElementRule> = {
  sqrt: within(2, (_, x = 0) => Math.sqrt(x)),
  exp: within(4, (_, x = 0) => Math.exp(x)),
  log: within(4, (_, x = 0) => Math.log(x)),
  log1p: within(4, (_, x = 0) => Math.log1p(x)),
  expm1: within(4, (_, x = 0) => Math.expm1(x)),
  rsqrt: within(4, (_, x = 0) => 1 / Math.sqrt(x)),
  pow: within(16, (_, a = 0, b = 0) => a ** b),
  erf: within(8, (_, x = 0) => erf(x)),
  erfc: within(8, (_, x = 0) => erfc(x)),
  softplus: within(8, (_, x = 0) => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)))),
  logCosh: within(8, (_, x = 0) => logCosh(x)),
  softsign: within(8, (_, x = 0) => x / (1 + Math.abs(x))),
  tanh: within(8, (_, x = 0) => Math.tanh(x)),
  sigmoid: within(8, (_, x = 0) => 1 / (1 + Math.exp(-x))),
  // The approximation behind it is one for single precision and its numbers below 1, in every dtype.
  erfInv: {
    compute: (_, x = 0) => erfInv(x),
    ulps: 8,
    relative: 5e-7,
    isKnown: ([x = 0]) => !(1 - Math.abs(x) < 2 ** -24 && Math.abs(x) < 1),
  },
}

/** Near 0 by the square of sinh, where the difference of logarithms would cancel. */
function logCosh(x: number): number {
  const size = Math.abs(x)
  if (size < 1) return Math.log1p(Math.sinh(size) ** 2) / 2
  return size + Math.log1p(Math.exp(-2 * size)) - Math.LN2
}

/** Angles beyond are reduced with fewer and fewer correct bits. */
const largestAngle = 32_768

/** Ends of an interval tell what lies between them as long as it is no wide part of a wave. */
function isNarrow([x = 0]: readonly number[], [radius = 0]: readonly number[]): boolean {
  return radius <= 0.5 && !(Math.abs(x) > largestAngle && Number.isFinite(x))
}

/** Without a pole between the ends. */
function isOneBranch(values: readonly number[], radii: readonly number[]): boolean {
  const branches = [-1, 1].map((sign) =>
    Math.round(((values[0] ?? 0) + sign * (radii[0] ?? 0)) / Math.PI),
  )
  return isNarrow(values, radii) && new Set(branches).size === 1
}

const trigonometric: Record<string, ElementRule> = {
  sin: { ...within(8, (_, x = 0) => Math.sin(x)), isKnown: isNarrow },
  cos: { ...within(8, (_, x = 0) => Math.cos(x)), isKnown: isNarrow },
  tan: { ...within(8, (_, x = 0) => Math.tan(x)), isKnown: isOneBranch },
  asin: within(8, (_, x = 0) => Math.asin(x)),
  acos: within(8, (_, x = 0) => Math.acos(x)),
  atan: within(8, (_, x = 0) => Math.atan(x)),
  atan2: within(8, (_, a = 0, b = 0) => Math.atan2(a, b)),
  sinh: within(8, (_, x = 0) => Math.sinh(x)),
  cosh: within(8, (_, x = 0) => Math.cosh(x)),
  asinh: within(8, (_, x = 0) => Math.asinh(x)),
  acosh: within(8, (_, x = 0) => Math.acosh(x)),
  atanh: within(8, (_, x = 0) => Math.atanh(x)),
}

export const scalarFunctions: Readonly<Record<string, ElementRule>> = {
  ...arithmetic,
  ...comparisons,
  ...transcendental,
  ...trigonometric,
}

/** Conversion to `dtype`: numbers saturate on the way from float to integer, integers wrap. */
export function castRule(dtype: DType): ElementRule {
  return rounded((from, x = 0) => {
    const isInteger = from === 'int32' || from === 'uint8' || from === 'bool'
    if (isFloat(dtype)) return x
    return isInteger && dtype !== 'bool' ? wrapped(dtype, x) : castNumber(x, dtype)
  })
}
