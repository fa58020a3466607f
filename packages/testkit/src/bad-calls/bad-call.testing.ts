import {
  type AnyTensor,
  ArgumentError,
  type DType,
  DTypeError,
  type ErrorDetails,
  formatShape,
  Parameter,
  ShapeError,
  Tensor,
  type TensorweftError,
  tensor,
} from '@tensorweft/core'
import type { CoreFunction } from '../conformance/cases/samples/call-sample.ts'

/** Arguments that break one rule of an op, and what is to be said about them. */
export interface BadCall {
  readonly args: readonly unknown[]
  readonly error: new (op: string, details: ErrorDetails) => TensorweftError
  /** Parts of the message, beside the name of the op at its beginning. */
  readonly says: readonly string[]
}

/** Calls that functions of core refuse, by the function. */
export type BadCalls = { readonly [K in CoreFunction]?: readonly BadCall[] }

type Arguments = readonly unknown[]

export function shapeError(args: Arguments, ...says: readonly string[]): BadCall {
  return { args, error: ShapeError, says }
}

export function dtypeError(args: Arguments, ...says: readonly string[]): BadCall {
  return { args, error: DTypeError, says }
}

export function argumentError(args: Arguments, ...says: readonly string[]): BadCall {
  return { args, error: ArgumentError, says }
}

/** The arguments with another one at `position`; those before that are missing are undefined. */
export function withArgument(args: Arguments, position: number, value: unknown): unknown[] {
  const all = [...args]
  all[position] = value
  return Array.from(all)
}

/** Some values for every dtype; those of floats are 1, 2, 3 … */
export function values(dtype: DType, ...shape: readonly number[]): AnyTensor {
  const size = shape.reduce((product, n) => product * n, 1)
  const data = Array.from({ length: size }, (_, i) => i + 1)
  return tensor<DType>(data, { dtype, shape })
}

/** float32 of the shape. */
export function floats(...shape: readonly number[]): AnyTensor {
  return values('float32', ...shape)
}

const noTensors: readonly (readonly [value: unknown, text: string])[] = [
  [undefined, 'undefined'],
  [null, 'null'],
  [[[1, 2]], 'an array'],
  [new Float32Array(2), 'a Float32Array'],
  ['1', 'string'],
  [new Parameter(tensor([1, 2])), 'a Parameter'],
]

/** What is no tensor in place of the argument `name`, which may be no number either. */
export function notATensor(args: Arguments, position: number, name: string): BadCall[] {
  return [
    ...notAnOperand(args, position, name),
    argumentError(withArgument(args, position, 2), `${name} is number`, 'wanted a tensor'),
  ]
}

/** What is neither a tensor nor a number in place of the argument `name`. */
export function notAnOperand(args: Arguments, position: number, name: string): BadCall[] {
  return noTensors.map(([value, text]) =>
    argumentError(withArgument(args, position, value), `${name} is ${text}`, 'wanted a tensor'),
  )
}

/** Tensors of these dtypes in place of the one at `position`. */
export function ofDTypes(
  args: Arguments,
  position: number,
  refused: readonly DType[],
  ...says: readonly string[]
): BadCall[] {
  const given = args[position]
  const shape = given instanceof Tensor ? given.shape : [2]
  return refused.map((dtype) =>
    dtypeError(withArgument(args, position, values(dtype, ...shape)), dtype, ...says),
  )
}

/** What is no axis of a tensor of rank 2, as the argument at `position`. */
export function notAnAxis(args: Arguments, position: number, rank = 2): BadCall[] {
  return [rank, -rank - 1, 0.5, Number.NaN, '0'].map((axis) =>
    shapeError(withArgument(args, position, axis), `axis ${String(axis)}`, `rank ${rank}`),
  )
}

/** What is neither an axis nor a list of axes of a tensor of rank 2, as the argument at `position`. */
export function notAxes(args: Arguments, position: number): BadCall[] {
  return [
    ...notAnAxis(args, position),
    shapeError(withArgument(args, position, [0, 2]), 'axis 2', 'rank 2'),
    shapeError(withArgument(args, position, [0, 0]), '[0, 0]', 'each axis once'),
    shapeError(withArgument(args, position, [1, -1]), '[1, -1]', 'each axis once'),
  ]
}

/** Options of which one is wrong: the values that `name` cannot have. */
export function notAnOption(
  args: Arguments,
  position: number,
  name: string,
  refused: readonly unknown[],
  others: Readonly<Record<string, unknown>> = {},
): BadCall[] {
  return refused.map((value) =>
    argumentError(withArgument(args, position, { ...others, [name]: value }), name, textOf(value)),
  )
}

/** Such as `sum(float32 [2, 3], 2)`. */
export function callText(name: string, args: Arguments): string {
  return `${name}(${args.map(argumentText).join(', ')})`
}

function argumentText(arg: unknown): string {
  if (arg instanceof Tensor) return `${arg.dtype} ${formatShape(arg.shape)}`
  if (ArrayBuffer.isView(arg)) return arg.constructor.name
  if (Array.isArray(arg)) return `[${arg.map(argumentText).join(', ')}]`
  if (typeof arg === 'string') return `'${arg}'`
  if (typeof arg !== 'object' || arg === null) return String(arg)
  const entries = Object.entries(arg).map(([name, value]) => `${name}: ${argumentText(value)}`)
  return `{ ${entries.join(', ')} }`
}

/** As messages write it: numbers and texts as they are, lists with or without blanks. */
function textOf(value: unknown): string {
  if (Array.isArray(value)) return ''
  return typeof value === 'string' || typeof value === 'number' ? String(value) : ''
}
