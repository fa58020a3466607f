import type { Instruction, ScalarFunction, TypedArray } from '@tensorweft/core'

/**
 * One instruction over n points: `out[k] = f(a[k], b[k], c[k])`. Instructions with fewer arguments
 * ignore the rest. `out` may be one of the arguments.
 */
export type Loop = (n: number, out: TypedArray, a: TypedArray, b: TypedArray, c: TypedArray) => void

/**
 * The instructions of one dtype. Every dtype writes its loops out, the same text twice where need
 * be: the engine specialises a function for the arrays it has seen, so a loop that is shared
 * between dtypes would run slower for all of them.
 */
export type LoopTable = Readonly<Partial<Record<Instruction | ScalarFunction, Loop>>>
