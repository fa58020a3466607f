import {
  type ArraySpec,
  type Backend,
  type BufferView,
  byteLengthOf,
  contractVersion,
  type DigitData,
  type DType,
  type IndexData,
  type Instruction,
  type Kernel,
  type Operand,
  type Plan,
  type PlanOutput,
  type RangeData,
  type ScalarFunction,
  type Slot,
  type Step,
  stridesOf,
  type TypedArray,
  viewTypedArray,
} from '@tensorweft/core'
import { bytesOf } from './compare-arrays.ts'

/** `constant + Σ coefficients[axis] · axis + digits`. */
export function affine(
  coefficients: readonly number[],
  constant = 0,
  digits: readonly DigitData[] = [],
): IndexData {
  const terms = coefficients.flatMap((coefficient, axis) =>
    coefficient === 0 ? [] : [{ axis, coefficient }],
  )
  return { constant, terms, digits }
}

/** The position of a point in an array whose shape is that of the axes. */
export function rowMajor(axes: readonly number[]): IndexData {
  return affine(stridesOf(axes))
}

export function load(
  dtype: DType,
  operand: number,
  index: IndexData,
  within: readonly RangeData[] = [],
): Step {
  return { op: 'load', dtype, operand, index, within }
}

export function constant(dtype: DType, value: number): Step {
  return { op: 'constant', dtype, value }
}

export function apply(
  dtype: DType,
  instruction: Instruction | ScalarFunction,
  ...args: readonly number[]
): Step {
  return { op: 'apply', dtype, instruction, args }
}

/** Operands of a kernel over arrays numbered as in `planOf`. */
export function operandsOf(...specs: readonly ArraySpec[]): Operand[] {
  return specs.map(({ dtype }, slot) => ({ slot, dtype }))
}

export interface PlanParts {
  readonly kernels: readonly Kernel[]
  readonly inputs: readonly ArraySpec[]
  readonly outputs: readonly (ArraySpec & { readonly donated?: number })[]
  readonly arena?: readonly (ArraySpec & { readonly byteOffset: number })[]
  readonly arenaByteLength?: number
  readonly scalars?: readonly DType[]
}

/** A plan whose slots are its inputs, then its outputs, then the arrays of its arena. */
export function planOf(parts: PlanParts): Plan {
  const { kernels, inputs, outputs, arena = [], arenaByteLength = 0, scalars = [] } = parts
  const slots: Slot[] = [
    ...inputs.map((spec, input) => ({ in: 'input' as const, input, ...spec })),
    ...outputs.map(({ dtype, size }, output) => ({ in: 'output' as const, output, dtype, size })),
    ...arena.map((spec) => ({ in: 'arena' as const, ...spec })),
  ]
  const planOutputs = outputs.map(
    ({ dtype, size, donated }): PlanOutput => ({ dtype, size, donated }),
  )
  const version = contractVersion
  return { version, kernels, slots, inputs, outputs: planOutputs, scalars, arenaByteLength }
}

/** Where the views of a run begin in their buffers. */
const viewByteOffset = 256

/**
 * Runs a plan on a backend, on views in the middle of buffers whose other bytes must not change,
 * and returns the outputs.
 */
export async function runPlan(
  backend: Backend,
  plan: Plan,
  inputs: readonly TypedArray[],
  scalars: readonly number[] = [],
): Promise<TypedArray[]> {
  const executable = backend.compile(plan)
  await executable.ready
  const viewFor = (byteLength: number): BufferView => {
    const whole = viewByteOffset * 2 + Math.ceil(byteLength / 4) * 4
    const buffer = backend.allocate(whole)
    backend.write(buffer, new Uint8Array(whole).fill(0xa5))
    return { buffer, byteOffset: viewByteOffset, byteLength }
  }
  const ins = inputs.map((input) => {
    const view = viewFor(input.byteLength)
    backend.write(view.buffer, bytesOf(input), viewByteOffset)
    return view
  })
  const outs = plan.outputs.map(({ dtype, size, donated }) => {
    const given = donated === undefined ? undefined : ins[donated]
    return given ?? viewFor(byteLengthOf(dtype, size))
  })
  executable.run(ins, outs, scalars)
  const results = await Promise.all(
    outs.map(async ({ buffer, byteOffset, byteLength }, i) => {
      const { dtype, size } = plan.outputs[i] ?? { dtype: 'uint8', size: 0 }
      const bytes = await backend.read(buffer, byteOffset, byteLength)
      return viewTypedArray<DType>(dtype, bytes.slice().buffer, 0, size)
    }),
  )
  for (const { buffer } of new Set([...ins, ...outs])) backend.free(buffer)
  executable.dispose()
  return results
}
