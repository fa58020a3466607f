import {
  type ArraySpec,
  type Backend,
  type BufferView,
  byteLengthOf,
  contractVersion,
  type DigitData,
  type DType,
  type IndexData,
  type Kernel,
  type Operand,
  type Plan,
  type RangeData,
  type Slot,
  type Step,
  type TypedArray,
  viewTypedArray,
} from '@tensorweft/core'

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

/** A plan whose slots are numbered inputs first, then outputs. */
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
  return {
    version: contractVersion,
    kernels,
    slots,
    inputs,
    outputs: outputs.map((spec) => ({ ...spec, donated: undefined })),
    scalars,
    arenaByteLength: 0,
  }
}

/** Operands for the slots of `planOf`. */
export function operandsOf(...specs: readonly ArraySpec[]): Operand[] {
  return specs.map(({ dtype }, slot) => ({ slot, dtype }))
}

/** A kernel that applies one instruction to inputs of one size, element by element. */
export function elementwisePlan(
  instruction: Extract<Step, { op: 'apply' }>['instruction'],
  dtype: DType,
  argDTypes: readonly DType[],
  size: number,
): Plan {
  const inputs = argDTypes.map((dtype) => ({ dtype, size }))
  const outputs = [{ dtype, size }]
  const loads = argDTypes.map((dtype, k) => load(dtype, k, [1]))
  const program = [...loads, apply(dtype, instruction, ...argDTypes.map((_, k) => k))]
  const store = { value: loads.length, operand: loads.length, index: index(0, [1]) }
  const stages = [{ over: 'outer' as const, program, reductions: [], stores: [store] }]
  const operands = operandsOf(...inputs, ...outputs)
  const kernel = {
    kind: 'map' as const,
    label: instruction,
    axes: [size],
    outer: 1,
    operands,
    stages,
  }
  return planOf([kernel], inputs, outputs)
}

export function bytesOf(array: TypedArray): Uint8Array {
  return new Uint8Array(array.buffer, array.byteOffset, array.byteLength)
}

/** Runs a plan `times` times over, and returns the outputs of the last run. */
export async function runOn(
  backend: Backend,
  plan: Plan,
  inputs: readonly TypedArray[],
  scalars: readonly number[] = [],
  times = 1,
): Promise<TypedArray[]> {
  const buffers: object[] = []
  const viewOf = (byteLength: number): BufferView => {
    const buffer = backend.allocate(byteLength)
    buffers.push(buffer)
    // Memory is not cleared: a value that was left unwritten must show.
    backend.write(buffer, new Uint8Array(byteLength).fill(0xaa))
    return { buffer, byteOffset: 0, byteLength }
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
  const arrays = await Promise.all(results)
  executable.dispose()
  for (const buffer of buffers) backend.free(buffer)
  return arrays
}

/** A reproducible source of numbers (xorshift32). */
export class Random {
  #state: number

  constructor(seed: number) {
    this.#state = Math.imul(seed + 1, 0x9e3779b1) | 1
  }

  /** Uniform in [0, 1). */
  uniform(): number {
    this.#state ^= this.#state << 13
    this.#state ^= this.#state >>> 17
    this.#state ^= this.#state << 5
    return (this.#state >>> 0) / 2 ** 32
  }

  /** Whether something of this probability happens. */
  chance(probability: number): boolean {
    return this.uniform() < probability
  }

  /** An integer from `low` to `high`, both included. */
  integer(low: number, high: number): number {
    return low + Math.floor(this.uniform() * (high - low + 1))
  }

  pick<T>(items: readonly [T, ...T[]]): T {
    return items[this.integer(0, items.length - 1)] ?? items[0]
  }

  shuffled<T>(items: readonly T[]): T[] {
    const result: T[] = []
    for (const item of items) result.splice(this.integer(0, result.length), 0, item)
    return result
  }

  floats(size: number): Float32Array {
    return Float32Array.from({ length: size }, () => this.uniform() * 2 - 1)
  }
}
