import {
  type ArraySpec,
  type Backend,
  type BufferView,
  byteLengthOf,
  contractVersion,
  createTypedArray,
  type DType,
  type Kernel,
  type Plan,
  type PlanOutput,
  type Slot,
  type TypedArray,
  viewTypedArray,
} from '@tensorweft/core'

/** A plan that is put together kernel by kernel, with the data to run it on. */
export class PlanBuilder {
  readonly inputs: TypedArray[] = []
  readonly scalars: number[] = []
  readonly #kernels: Kernel[] = []
  readonly #slots: Slot[] = []
  readonly #inputSpecs: ArraySpec[] = []
  readonly #outputs: PlanOutput[] = []
  readonly #scalarDTypes: DType[] = []
  #arenaByteLength = 0

  /** The slot of an input with these values. */
  input(dtype: DType, values: ArrayLike<number>): number {
    const array = createTypedArray(dtype, values.length)
    array.set(values)
    this.inputs.push(array)
    const spec = { dtype, size: values.length }
    this.#inputSpecs.push(spec)
    return this.#slots.push({ in: 'input', input: this.inputs.length - 1, ...spec }) - 1
  }

  output(dtype: DType, size: number): number {
    const output = this.#outputs.push({ dtype, size, donated: undefined }) - 1
    return this.#slots.push({ in: 'output', output, dtype, size }) - 1
  }

  /** Declares that an output is what the plan makes of the input in `slot`, in place. */
  inPlace(slot: number): void {
    const place = this.#slots[slot]
    if (place?.in !== 'input') throw new Error(`slot ${slot} is no input`)
    const { dtype, size, input } = place
    this.#outputs.push({ dtype, size, donated: input })
  }

  scratch(dtype: DType, size: number): number {
    const byteOffset = this.#arenaByteLength
    this.#arenaByteLength += Math.ceil(byteLengthOf(dtype, size) / 256) * 256
    return this.#slots.push({ in: 'arena', byteOffset, dtype, size }) - 1
  }

  scalar(dtype: DType, value: number): number {
    this.#scalarDTypes.push(dtype)
    return this.scalars.push(value) - 1
  }

  add(kernel: Kernel): void {
    this.#kernels.push(kernel)
  }

  plan(): Plan {
    return {
      version: contractVersion,
      kernels: this.#kernels,
      slots: this.#slots,
      inputs: this.#inputSpecs,
      outputs: this.#outputs,
      scalars: this.#scalarDTypes,
      arenaByteLength: this.#arenaByteLength,
    }
  }
}

function bytesOf({ buffer, byteOffset, byteLength }: TypedArray): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength)
}

/** Runs a builder's plan, `times` times over, and returns the outputs of the last run. */
export async function runOn(
  backend: Backend,
  {
    inputs,
    scalars,
    ...builder
  }: { inputs: readonly TypedArray[]; scalars: readonly number[] } & {
    plan: Plan
  },
  times = 1,
): Promise<TypedArray[]> {
  const { plan } = builder
  const viewOf = (byteLength: number): BufferView => {
    const buffer = backend.allocate(byteLength)
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
  const results = await Promise.all(
    outs.map(async ({ buffer }, k) => {
      const bytes = await backend.read(buffer)
      const { dtype, size } = plan.outputs[k] ?? { dtype: 'uint8', size: 0 }
      return viewTypedArray<DType>(dtype, bytes.buffer, bytes.byteOffset, size)
    }),
  )
  executable.dispose()
  for (const { buffer } of new Set([...ins, ...outs])) backend.free(buffer)
  return results
}
