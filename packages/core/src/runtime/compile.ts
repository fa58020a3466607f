import type { DType } from '../dtype.ts'
import { ArgumentError } from '../errors.ts'
import { backendToUse } from '../execution/current-backend.ts'
import { currentTrace } from '../execution/trace.ts'
import { Tensor } from '../graph/tensor.ts'
import { full } from '../ops/full.ts'
import { isPlainObject, leavesOf, mapTree } from '../tree.ts'
import { callTraced } from './call-traced.ts'
import { type TracedFunction, traceFunction } from './traced-function.ts'

/** Where a float32 tensor may be, so may a number, which becomes a scalar one. */
export type CallArguments<A extends readonly unknown[]> = {
  [K in keyof A]: Tensor extends A[K] ? A[K] | number : A[K]
}

/** What a function must be, beside one of tensors, to be compiled: of no numbers. */
export type WithoutNumbers<A extends readonly unknown[]> = true extends {
  [K in keyof A]-?: AreNumbers<A[K]>
}[number]
  ? 'numbers arrive as tensors: declare such parameters as Tensor'
  : unknown

type AreNumbers<T> = unknown extends T
  ? false
  : [NonNullable<T>] extends [never]
    ? false
    : [NonNullable<T>] extends [number | readonly number[]]
      ? true
      : false

/** A function that runs as one plan; takes what the original takes. */
export interface CompiledFunction<A extends readonly unknown[], R> {
  (...args: CallArguments<A>): R
  /** The trace for these arguments, for tools that explain or measure it. */
  traced(...args: CallArguments<A>): TracedFunction
}

/**
 * Turns a function of tensors into one that runs as a single plan. The function is traced once per
 * signature (shapes, dtypes and whatever is neither tensor nor number in its arguments); afterwards
 * a call only binds buffers and runs.
 *
 * Tensors and numbers in the arguments, at any depth of arrays and objects, are inputs; a number
 * arrives as a scalar float32 tensor, so that its parameter is declared `Tensor`. Numbers from
 * closures are fixed when the function is traced.
 * Parameters that the function reads are inputs too, and those that it assigns are updated in place
 * when the step runs. Results come in the arrays and objects that the function returns.
 *
 * @throws TraceError if the function reads a value; ArgumentError for something else than a tensor
 * or a number where the first call had one, and the reverse; what the ops in it throw.
 * @example
 * ```ts
 * import { compile, type Tensor, tensor } from '@tensorweft/core'
 *
 * const scaled = compile((x: Tensor, factor: Tensor) => x.mul(factor).sum())
 * const total = (x: Tensor) => scaled(x, 10)
 * ```
 */
export function compile<A extends readonly unknown[], R>(
  fn: ((...args: A) => R) & WithoutNumbers<A>,
): CompiledFunction<A, R> {
  if (typeof fn !== 'function') {
    throw new ArgumentError('compile', { got: typeof fn, wanted: 'a function' })
  }
  const traces = new Map<string, TracedFunction>()
  let firstKinds: ReadonlyMap<string, Kind> | undefined
  // The stand-ins have the form of the arguments, which mapTree cannot state as a type.
  const run = (args: readonly unknown[]): R => fn(...(args as A))
  const traceOf = (args: readonly unknown[]) => {
    const signature = signatureOf(args)
    const known = traces.get(signature)
    if (known !== undefined) return known
    const kinds = kindsOf(args)
    if (firstKinds !== undefined) checkKinds(kinds, firstKinds)
    const made = traceFunction(run, args)
    firstKinds ??= kinds
    traces.set(signature, made)
    return made
  }
  const call = (...args: CallArguments<A>): R => {
    // Inside another trace the function is part of that one.
    if (currentTrace() !== undefined) return run(withTensors(args))
    return callTraced(traceOf(args), inputsOf(args), backendToUse()) as R
  }
  return Object.assign(call, { traced: (...args: CallArguments<A>) => traceOf(args) })
}

function inputsOf(args: readonly unknown[]): (Tensor<DType> | number)[] {
  return leavesOf(args).flatMap(({ leaf }) =>
    leaf instanceof Tensor || typeof leaf === 'number' ? leaf : [],
  )
}

type Kind = 'a tensor or a number' | 'an array' | 'an object' | 'nothing' | `a ${string}`

/** What is at each place in the arguments. */
function kindsOf(
  args: object,
  path = 'argument ',
  kinds = new Map<string, Kind>(),
): ReadonlyMap<string, Kind> {
  for (const [name, value] of Object.entries(args)) {
    const at = `${path}${name}`
    kinds.set(at, kindOf(value))
    if (Array.isArray(value) || isPlainObject(value)) kindsOf(value, `${at}.`, kinds)
  }
  return kinds
}

function kindOf(value: unknown): Kind {
  if (value === undefined || value === null) return 'nothing'
  if (value instanceof Tensor || typeof value === 'number') return 'a tensor or a number'
  if (Array.isArray(value)) return 'an array'
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`
}

/** Other shapes and dtypes are traced anew; a string where a tensor was is a mistake. */
function checkKinds(kinds: ReadonlyMap<string, Kind>, first: ReadonlyMap<string, Kind>): void {
  for (const [at, kind] of kinds) {
    const wanted = first.get(at) ?? kind
    const isValue = (other: Kind) => other === 'a tensor or a number'
    if (isValue(kind) === isValue(wanted) || kind === 'nothing' || wanted === 'nothing') continue
    throw new ArgumentError('compile', {
      got: `${at} is ${kind}`,
      wanted: `${wanted}, as in the first call`,
      hint: 'make a tensor of values, tensor(values); compile once more for another use',
    })
  }
}

/** Numbers as constants of the trace that is being recorded. */
function withTensors(args: readonly unknown[]): readonly unknown[] {
  return args.map((arg) =>
    mapTree(arg, (leaf) => (typeof leaf === 'number' ? full([], leaf) : leaf)),
  )
}

/** Exact text of the form of the arguments: what their tensors are, and everything else as it is. */
function signatureOf(value: unknown): string {
  if (value instanceof Tensor) return `${value.dtype}[${value.shape.join()}]`
  if (Array.isArray(value)) return `[${value.map(signatureOf).join()}]`
  switch (typeof value) {
    case 'number':
      return 'number'
    case 'string':
      return JSON.stringify(value)
    case 'bigint':
      return `${value}n`
    case 'boolean':
    case 'undefined':
      return String(value)
    default:
      return value === null ? 'null' : objectText(value)
  }
}

function objectText(value: unknown): string {
  if (ArrayBuffer.isView(value)) {
    throw new ArgumentError('compile', {
      got: `a ${value.constructor.name} among the arguments`,
      wanted: 'tensors, numbers and plain data',
      hint: 'make a tensor of it: tensor(values)',
    })
  }
  if (!isPlainObject(value)) return `object ${identityNumber(value)}`
  const entries = Object.entries(value)
  return `{${entries.map(([name, item]) => `${JSON.stringify(name)}:${signatureOf(item)}`).join()}}`
}

const objectNumbers = new WeakMap<object, number>()
const symbolNumbers = new Map<unknown, number>()
let identityCount = 0

/** What is neither tensor nor plain data is told apart by identity. */
function identityNumber(value: unknown): number {
  const isObject = (typeof value === 'object' && value !== null) || typeof value === 'function'
  const known = isObject ? objectNumbers.get(value) : symbolNumbers.get(value)
  if (known !== undefined) return known
  if (isObject) objectNumbers.set(value, identityCount)
  else symbolNumbers.set(value, identityCount)
  return identityCount++
}
