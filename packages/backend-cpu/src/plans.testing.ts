import {
  type ArraySpec,
  type BufferView,
  byteLengthOf,
  contractVersion,
  createTypedArray,
  type DigitData,
  type DType,
  type IndexData,
  isFloat,
  type Kernel,
  type Operand,
  type Plan,
  type PlanOutput,
  type RangeData,
  type Slot,
  type Step,
  type TypedArray,
  viewTypedArray,
} from '@tensorweft/core'
import { cpu } from './index.ts'

/** `constant + Σ coefficients[axis] · axis`, plus digits. */
export function index(
  constant: number,
  coefficients: readonly number[],
  digits: readonly DigitData[] = [],
): IndexData {
  const terms = coefficients.flatMap((coefficient, axis) =>
    coefficient === 0 ? [] : [{ axis, coefficient }],
  )
  return { constant, terms, digits }
}

export function load(
  dtype: DType,
  operand: number,
  coefficients: readonly number[],
  constant = 0,
  within: readonly RangeData[] = [],
): Step {
  return { op: 'load', dtype, operand, index: index(constant, coefficients), within }
}

export function apply(
  dtype: DType,
  instruction: Extract<Step, { op: 'apply' }>['instruction'],
  ...args: readonly number[]
): Step {
  return { op: 'apply', dtype, instruction, args }
}

/** A plan whose operands are numbered as its kernels number them: inputs first, then outputs. */
export function planOf(
  kernels: readonly Kernel[],
  inputs: readonly ArraySpec[],
  outputs: readonly ArraySpec[],
  scalars: readonly DType[] = [],
): Plan {
  const slots: Slot[] = [
    ...inputs.map((spec, input) => ({ in: 'input' as const, input, ...spec })),
    ...outputs.map((spec, output) => ({ in: 'output' as const, output, ...spec })),
  ]
  const planOutputs: PlanOutput[] = outputs.map((spec) => ({ ...spec, donated: undefined }))
  return {
    version: contractVersion,
    kernels,
    slots,
    inputs,
    outputs: planOutputs,
    scalars,
    arenaByteLength: 0,
  }
}

/** Operands for the slots of `planOf`. */
export function operandsOf(...specs: readonly ArraySpec[]): Operand[] {
  return specs.map(({ dtype }, slot) => ({ slot, dtype }))
}

export function bytesOf(array: TypedArray): Uint8Array {
  return new Uint8Array(array.buffer, array.byteOffset, array.byteLength)
}

/** Runs a plan on a new backend, `times` times over, and returns the outputs of the last run. */
export async function runOnCpu(
  plan: Plan,
  inputs: readonly TypedArray[],
  scalars: readonly number[] = [],
  times = 1,
): Promise<TypedArray[]> {
  const backend = cpu()
  const viewOf = (byteLength: number): BufferView => {
    const view = { buffer: backend.allocate(byteLength), byteOffset: 0, byteLength }
    // Memory is not cleared: a value that was left unwritten must show.
    backend.write(view.buffer, new Uint8Array(byteLength).fill(0xaa))
    return view
  }
  const ins = inputs.map(({ byteLength }) => viewOf(byteLength))
  const outs = plan.outputs.map(({ dtype, size, donated }) => {
    const given = donated === undefined ? undefined : ins[donated]
    return given ?? viewOf(byteLengthOf(dtype, size))
  })
  const executable = backend.compile(plan)
  for (let time = 0; time < times; time++) {
    inputs.forEach((input, k) => {
      const view = ins[k]
      if (view !== undefined) backend.write(view.buffer, bytesOf(input))
    })
    executable.run(ins, outs, scalars)
  }
  const results = outs.map(async ({ buffer }, k) => {
    const bytes = await backend.read(buffer)
    const { dtype, size } = plan.outputs[k] ?? { dtype: 'uint8', size: 0 }
    return viewTypedArray<DType>(dtype, bytes.buffer, bytes.byteOffset, size)
  })
  return Promise.all(results)
}

/** A reproducible source of numbers (xorshift32). */
export class Random {
  private state: number

  constructor(seed: number) {
    this.state = Math.imul(seed + 1, 0x9e3779b1) | 1
  }

  /** Uniform in [0, 1). */
  uniform(): number {
    this.state ^= this.state << 13
    this.state ^= this.state >>> 17
    this.state ^= this.state << 5
    return (this.state >>> 0) / 2 ** 32
  }

  /** An integer from `low` to `high`, both included. */
  integer(low: number, high: number): number {
    return low + Math.floor(this.uniform() * (high - low + 1))
  }

  pick<T>(items: readonly [T, ...T[]]): T {
    return items[this.integer(0, items.length - 1)] ?? items[0]
  }

  /** Floats in [−1, 1), any integers, or bools. */
  array(dtype: DType, size: number): TypedArray {
    const array = createTypedArray<DType>(dtype, size)
    for (let k = 0; k < size; k++) {
      const value = this.uniform()
      array[k] =
        dtype === 'bool' ? Math.round(value) : isFloat(dtype) ? 2 * value - 1 : value * 2 ** 32
    }
    return array
  }
}
