import * as core from '@tensorweft/core'
import type { CoreFunction } from '../conformance/cases/samples/call-sample.ts'
import type { Argument } from './argument.ts'

/** How a function is called that does not take its tensors one by one, before plain arguments. */
export interface CallForm {
  /** The tensors as an array, or behind the plain arguments. */
  readonly tensors?: 'array' | 'last'
  /** Tensors that it may take: those that are missing are undefined. */
  readonly slots?: number
  /** The last argument names one of several results. */
  readonly picks?: boolean
}

const callForms: Readonly<Partial<Record<CoreFunction, CallForm>>> = {
  concat: { tensors: 'array' },
  stack: { tensors: 'array' },
  einsum: { tensors: 'last' },
  layerNorm: { slots: 3 },
  groupNorm: { slots: 3 },
  instanceNorm: { slots: 3 },
  rmsNorm: { slots: 2 },
  batchNorm: { picks: true },
  split: { picks: true },
  topK: { picks: true },
}

/** A function of core that random graphs may call, by its name. */
export type GraphOp = CoreFunction

const functions = { ...core }

export function callFormOf(op: GraphOp): CallForm {
  return callForms[op] ?? {}
}

/** Applies the op named `op`. */
export function applyGraphOp(
  op: GraphOp,
  tensors: readonly core.AnyTensor[],
  args: readonly Argument[],
): core.AnyTensor {
  const { picks = false } = callFormOf(op)
  const fn: (...args: never[]) => unknown = functions[op]
  const given = argumentsOf(op, tensors, picks ? args.slice(0, -1) : args)
  const result = fn(...(given as never[]))
  const picked = picks ? Object(result)[String(args.at(-1))] : result
  if (picked instanceof core.Tensor) return picked
  throw new Error(`${op} gives no tensor`)
}

/** What a call is written with, in order: tensors, or what stands for them, and plain arguments. */
export function argumentsOf<T, A>(
  op: GraphOp,
  tensors: readonly T[],
  args: readonly A[],
): (T | readonly T[] | A | undefined)[] {
  const { tensors: place, slots = 0 } = callFormOf(op)
  if (place === 'array') return [tensors, ...args]
  if (place === 'last') return [...args, ...tensors]
  const missing = Array.from({ length: Math.max(slots - tensors.length, 0) }, () => undefined)
  return [...tensors, ...missing, ...args]
}
