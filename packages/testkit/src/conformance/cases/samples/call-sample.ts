import * as core from '@tensorweft/core'
import type { OpCheck, OpInput } from '../../check-op.ts'

/** By name. */
const functions = { ...core }

type Core = typeof functions

/** Names of the functions that core exports. */
export type CoreFunction = {
  [K in keyof Core]: Core[K] extends (...args: never[]) => unknown ? K : never
}[keyof Core]

/** Plain data after the tensors of a call; infinite numbers too. */
export type PlainArgument =
  | number
  | string
  | boolean
  | null
  | readonly PlainArgument[]
  | PlainOptions
export interface PlainOptions {
  readonly [name: string]: PlainArgument
}

export function isCoreFunction(name: string): name is CoreFunction {
  return name in functions
}

/** A call of a function of core that every backend must compute. */
export interface CallSample {
  readonly op: CoreFunction
  readonly inputs: readonly OpInput[]
  /** What follows the tensors. */
  readonly args: readonly PlainArgument[]
  readonly hasGradient: boolean
  /** The call, where it is not: tensors, then plain data, and one tensor comes back. */
  readonly call?: (...xs: never[]) => core.AnyTensor
}

/** A call whose gradients of both orders are checked too. */
export function sample(
  op: CoreFunction,
  inputs: readonly OpInput[],
  ...args: readonly PlainArgument[]
): CallSample {
  return { op, inputs, args, hasGradient: true }
}

/** A call without a gradient. */
export function valuesOnly(
  op: CoreFunction,
  inputs: readonly OpInput[],
  ...args: readonly PlainArgument[]
): CallSample {
  return { op, inputs, args, hasGradient: false }
}

/** A call that has a form of its own. */
export function sampleCall(
  op: CoreFunction,
  inputs: readonly OpInput[],
  call: (...xs: never[]) => core.AnyTensor,
): CallSample {
  return { op, inputs, args: [], hasGradient: true, call }
}

export function checkOfCall(sample: CallSample): OpCheck {
  const { op, inputs, args, hasGradient } = sample
  const name = [op, ...args.map((arg) => JSON.stringify(arg))].join(' ')
  return { name, apply: (xs) => applyCall(sample, xs), inputs, hasGradient }
}

/** The tensor that a call gives. Throws what the function throws. */
export function applyCall(
  { op, args, call }: CallSample,
  xs: readonly core.AnyTensor[],
): core.AnyTensor {
  const fn: (...args: never[]) => unknown = call ?? functions[op]
  const result = fn(...([...xs, ...args] as never[]))
  if (result instanceof core.Tensor) return result
  throw new Error(`${op} gives no tensor: its sample needs a call of its own`)
}
