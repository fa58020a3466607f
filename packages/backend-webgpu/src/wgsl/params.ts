import { castNumber, type DType, type Kernel, programsOf } from '@tensorweft/core'
import { valueDType } from './value-type.ts'

/**
 * A word of a kernel's uniform: a zero, where an operand starts, the size of an axis, a constant of
 * its programs, or a number given with a run.
 */
export type Param =
  | { readonly kind: 'zero' }
  | { readonly kind: 'base'; readonly operand: number }
  | { readonly kind: 'size'; readonly axis: number }
  | { readonly kind: 'constant'; readonly constant: number; readonly word: number }
  | { readonly kind: 'scalar'; readonly scalar: number; readonly dtype: DType }

/**
 * What a kernel gets with each run, one word each. Addresses are among it, so that pipelines do not
 * depend on where arrays lie, and sizes and constants (one over the batch, a learning rate), so
 * that a text that asks for them serves several. The zero keeps compilers from knowing a value.
 */
export function paramsOf(kernel: Kernel): Param[] {
  const scalars = new Map<number, DType>()
  const constants = new Set<number>()
  for (const step of programsOf(kernel).flat()) {
    if (step.op === 'scalar') scalars.set(step.scalar, step.dtype)
    if (step.op === 'constant' && isGiven(step.value, step.dtype)) {
      constants.add(wordOf(step.value, step.dtype))
    }
  }
  return [
    { kind: 'zero' },
    ...kernel.operands.map((_, operand): Param => ({ kind: 'base', operand })),
    ...kernel.axes.map((_, axis): Param => ({ kind: 'size', axis })),
    ...[...constants].map((word, constant): Param => ({ kind: 'constant', constant, word })),
    ...[...scalars].map(([scalar, dtype]): Param => ({ kind: 'scalar', scalar, dtype })),
  ]
}

/** The uniform's declaration. */
export function paramsText(params: readonly Param[]): string {
  const members = params.map((param) => `  ${memberOf(param)},`)
  return `struct Params {\n${members.join('\n')}\n}\n@group(0) @binding(0) var<uniform> params: Params;`
}

function memberOf(param: Param): string {
  switch (param.kind) {
    case 'zero':
      return 'zero: u32'
    case 'base':
      return `base${param.operand}: u32`
    case 'size':
      return `size${param.axis}: u32`
    case 'constant':
      return `constant${param.constant}: f32`
    case 'scalar':
      return `scalar${param.scalar}: ${isFloat(param.dtype) ? 'f32' : 'i32'}`
  }
}

/** Whether a constant comes with the uniform: those that a compiler can make use of do not. */
function isGiven(value: number, dtype: DType): boolean {
  if (!isFloat(dtype)) return false
  const magnitude = Math.abs(castNumber(value, dtype))
  const isUseful = magnitude === 0 || magnitude === 0.5 || magnitude === 1 || magnitude === 2
  return Number.isFinite(magnitude) && !isUseful
}

/** A constant that comes with the uniform, as a value of its dtype; undefined if it does not. */
export function constantText(
  params: readonly Param[],
  value: number,
  dtype: DType,
): string | undefined {
  if (!isGiven(value, dtype)) return undefined
  const word = wordOf(value, dtype)
  const param = params.find((param) => param.kind === 'constant' && param.word === word)
  return param?.kind === 'constant' ? `params.constant${param.constant}` : undefined
}

function isFloat(dtype: DType): boolean {
  return valueDType(dtype) === 'float32'
}

/** A run's number as a word. */
export function wordOf(value: number, dtype: DType): number {
  const rounded = castNumber(value, dtype)
  if (!isFloat(dtype)) return rounded
  floatView[0] = rounded
  return wordView[0] ?? 0
}

const floatView = new Float32Array(1)
const wordView = new Uint32Array(floatView.buffer)

/** A number given with a run, as a value of its dtype. */
export function scalarText(scalar: number, dtype: DType): string {
  const text = `params.scalar${scalar}`
  switch (valueDType(dtype)) {
    case 'float32':
    case 'float16':
    case 'int32':
      return text
    case 'uint8':
      return `u32(${text})`
    case 'bool':
      return `(${text} != 0)`
  }
}
