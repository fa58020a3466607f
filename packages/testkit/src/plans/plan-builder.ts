import {
  ArgumentError,
  type ArraySpec,
  byteLengthOf,
  contractVersion,
  type DType,
  float16Bits,
  type Kernel,
  type Plan,
  type PlanOutput,
  type Slot,
  type TypedArray,
  viewTypedArray,
} from '@tensorweft/core'

/** A plan with what to run it on. */
export interface PlanCase {
  readonly plan: Plan
  readonly inputs: readonly TypedArray[]
  readonly scalars: readonly number[]
}

/** Where arrays of an arena begin: multiples of it. */
const alignment = 256

/**
 * Puts a plan together kernel by kernel, with the data to run it on. Arrays are named by their
 * slots. Kernels that have nothing to do with each other may share a plan, too: devices that are
 * slow to start run many at a time.
 *
 * @example
 * ```ts
 * const builder = new PlanBuilder()
 * const operands = [
 *   { slot: builder.input('float32', [1, 2, 3]), dtype: 'float32' },
 *   { slot: builder.output('float32', 3), dtype: 'float32' },
 * ] as const
 * builder.add(mapKernel('copy', [3], operands, [load('float32', 0, affine([1]))]))
 * const { plan, inputs, scalars } = builder.build()
 * console.log(interpretPlan(plan, inputs, scalars))
 * ```
 */
export class PlanBuilder {
  readonly #inputs: TypedArray[] = []
  readonly #scalars: number[] = []
  readonly #kernels: Kernel[] = []
  readonly #slots: Slot[] = []
  readonly #inputSpecs: ArraySpec[] = []
  readonly #outputs: PlanOutput[] = []
  readonly #scalarDTypes: DType[] = []
  #arenaByteLength = 0

  /** The slot of an input with these values. */
  input(dtype: DType, values: ArrayLike<number>): number {
    const size = values.length
    const array = viewTypedArray<DType>(dtype, new ArrayBuffer(byteLengthOf(dtype, size)), 0, size)
    array.set(dtype === 'float16' ? Array.from(values, float16Bits) : values)
    const input = this.#inputs.push(array) - 1
    this.#inputSpecs.push({ dtype, size })
    return this.#slots.push({ in: 'input', input, dtype, size }) - 1
  }

  /** The slot of an output. */
  output(dtype: DType, size: number): number {
    const output = this.#outputs.push({ dtype, size, donated: undefined }) - 1
    return this.#slots.push({ in: 'output', output, dtype, size }) - 1
  }

  /**
   * Declares that an output is what the plan makes of the input in `slot`, in place.
   *
   * @throws ArgumentError if there is no input in it.
   */
  inPlace(slot: number): void {
    const place = this.#slots[slot]
    if (place?.in !== 'input') {
      throw new ArgumentError('inPlace', { got: `slot ${slot}`, wanted: 'the slot of an input' })
    }
    const { dtype, size, input } = place
    this.#outputs.push({ dtype, size, donated: input })
  }

  /** The slot of an array that exists only during a run. */
  scratch(dtype: DType, size: number): number {
    const byteOffset = this.#arenaByteLength
    this.#arenaByteLength += Math.ceil(byteLengthOf(dtype, size) / alignment) * alignment
    return this.#slots.push({ in: 'arena', byteOffset, dtype, size }) - 1
  }

  /** The number of a scalar that is given with each run. */
  scalar(dtype: DType, value: number): number {
    this.#scalarDTypes.push(dtype)
    return this.#scalars.push(value) - 1
  }

  /** Adds a kernel, which runs after those that were added before. */
  add(kernel: Kernel): void {
    this.#kernels.push(kernel)
  }

  /** The plan so far, with its data. */
  build(): PlanCase {
    const plan: Plan = {
      version: contractVersion,
      kernels: [...this.#kernels],
      slots: [...this.#slots],
      inputs: [...this.#inputSpecs],
      outputs: [...this.#outputs],
      scalars: [...this.#scalarDTypes],
      arenaByteLength: this.#arenaByteLength,
    }
    return { plan, inputs: [...this.#inputs], scalars: [...this.#scalars] }
  }
}
