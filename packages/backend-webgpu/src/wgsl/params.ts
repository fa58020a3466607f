import { castNumber, type DType, type Kernel, programsOf } from '@tensorweft/core'
import { valueDType } from './value-type.ts'

/** A word of a kernel's uniform: a zero, where an operand starts, or a number given with a run. */
export type Param =
  | { readonly kind: 'zero' }
  | { readonly kind: 'base'; readonly operand: number }
  | { readonly kind: 'scalar'; readonly scalar: number; readonly dtype: DType }

/**
 * What a kernel gets with each run, one word each. Addresses are among it, so that pipelines do not
 * depend on where arrays lie. The zero keeps compilers from knowing a value.
 */
export function paramsOf(kernel: Kernel): Param[] {
  const scalars = new Map<number, DType>()
  for (const program of programsOf(kernel)) {
    for (const step of program) if (step.op === 'scalar') scalars.set(step.scalar, step.dtype)
  }
  return [
    { kind: 'zero' },
    ...kernel.operands.map((_, operand): Param => ({ kind: 'base', operand })),
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
    case 'scalar':
      return `scalar${param.scalar}: ${isFloat(param.dtype) ? 'f32' : 'i32'}`
  }
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
    case 'int32':
      return text
    case 'uint8':
      return `u32(${text})`
    case 'bool':
      return `(${text} != 0)`
  }
}
