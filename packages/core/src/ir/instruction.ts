/**
 * The scalar instructions that every backend renders.
 *
 * | instruction | arguments → result |
 * | --- | --- |
 * | `add sub mul max min` | two of one dtype → that dtype; integers wrap; max and min give NaN if either is NaN |
 * | `div sqrt exp2 log2 sin floor trunc` | floats → float |
 * | `idiv` | integers → floor of the quotient, 0 where the divisor is 0 |
 * | `mod` | two of one dtype → a − b·floor(a / b), with the sign of b; integers modulo 0 give 0 |
 * | `lt eq` | two of one dtype → bool; false if either is NaN |
 * | `where` | bool, x, y of one dtype → x or y |
 * | `and or xor` | two bools or two int32 → the same dtype |
 * | `shl shr` | two int32 → int32; `shr` fills with zeros; counts 0 to 31 |
 * | `cast` | any → the step's dtype, by the rules of `castNumber`; int to int wraps |
 * | `bitcast` | float32 ↔ int32, the same bits |
 *
 * Floats are float32 and float64. float16 is loaded, gathered, stored and cast from and to float32,
 * rounded to the nearest and halfway to the even one, and nothing else.
 */
export const instructions = [
  'add',
  'sub',
  'mul',
  'div',
  'idiv',
  'mod',
  'max',
  'min',
  'lt',
  'eq',
  'where',
  'and',
  'or',
  'xor',
  'shl',
  'shr',
  'exp2',
  'log2',
  'sin',
  'sqrt',
  'floor',
  'trunc',
  'cast',
  'bitcast',
] as const

export type Instruction = (typeof instructions)[number]

/**
 * Scalar functions of one float that a backend may claim as native through its capabilities.
 * Where it does not, core writes them out in instructions before the backend sees the plan.
 */
export const scalarFunctions = ['exp', 'log', 'log1p', 'expm1', 'tanh', 'cos'] as const

export type ScalarFunction = (typeof scalarFunctions)[number]
