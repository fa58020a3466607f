import {
  BackendError,
  type BufferView,
  byteLengthOf,
  type Plan,
  type TensorweftError,
} from '@tensorweft/core'
import type { Buffers, WebGpuBuffer } from './memory/buffers.ts'
import type { Allocation } from './memory/slabs.ts'

/**
 * Where the arrays of a plan lie in one run, and the numbers given with it. Filled again by every
 * run, so that none leaves garbage.
 */
export class RunArguments {
  /** Of each slot, what it lies in. */
  readonly allocations: Allocation[] = []
  /** The first word of each slot in its slab. */
  readonly words: number[] = []
  readonly inputs: WebGpuBuffer[] = []
  readonly outputs: WebGpuBuffer[] = []
  scalars: readonly number[] = []

  /** What stays as it is when the next run fills these arguments again. */
  copy(): RunArguments {
    const copy = new RunArguments()
    copy.allocations.push(...this.allocations)
    copy.words.push(...this.words)
    copy.inputs.push(...this.inputs)
    copy.outputs.push(...this.outputs)
    copy.scalars = this.scalars.slice()
    return copy
  }

  /** Why the plan cannot compute anything from its inputs. */
  get inputFault(): TensorweftError | undefined {
    for (const { fault } of this.inputs) if (fault !== undefined) return fault
    return undefined
  }

  /** Says of the outputs why they were not written; those in place of inputs are as they were. */
  tellOutputs(fault: TensorweftError | undefined): void {
    for (const buffer of this.outputs) {
      if (fault === undefined || !this.inputs.includes(buffer)) buffer.fault = fault
    }
  }
}

/** Reads the arguments of a plan's runs. */
export class ArgumentReader {
  readonly #plan: Plan
  readonly #buffers: Buffers
  readonly #inputBytes: readonly number[]
  readonly #outputBytes: readonly number[]
  readonly #current = new RunArguments()

  constructor(plan: Plan, buffers: Buffers) {
    this.#plan = plan
    this.#buffers = buffers
    this.#inputBytes = plan.inputs.map(({ dtype, size }) => byteLengthOf(dtype, size))
    this.#outputBytes = plan.outputs.map(({ dtype, size }) => byteLengthOf(dtype, size))
  }

  /** Valid until the next call. */
  read(
    inputs: readonly BufferView[],
    outputs: readonly BufferView[],
    scalars: readonly number[],
    arena: Allocation,
  ): RunArguments {
    const current = this.#current
    checkCount('scalars', scalars.length, this.#plan.scalars.length)
    this.#readBuffers('inputs', inputs, this.#inputBytes, current.inputs)
    this.#readBuffers('outputs', outputs, this.#outputBytes, current.outputs)
    current.scalars = scalars
    let k = 0
    for (const slot of this.#plan.slots) {
      if (slot.in === 'arena') place(current, k, arena, slot.byteOffset)
      else if (slot.in === 'input') {
        const buffer = current.inputs[slot.input]
        place(current, k, buffer?.allocation, inputs[slot.input]?.byteOffset)
      } else {
        const buffer = current.outputs[slot.output]
        place(current, k, buffer?.allocation, outputs[slot.output]?.byteOffset)
      }
      k++
    }
    return current
  }

  #readBuffers(
    what: string,
    views: readonly BufferView[],
    byteLengths: readonly number[],
    buffers: WebGpuBuffer[],
  ): void {
    checkCount(what, views.length, byteLengths.length)
    let k = 0
    for (const view of views) {
      buffers[k] = this.#buffers.viewed('run', view, byteLengths[k] ?? 0)
      k++
    }
  }
}

function place(
  { allocations, words }: RunArguments,
  slot: number,
  allocation: Allocation | undefined,
  byteOffset: number | undefined,
): void {
  if (allocation === undefined || byteOffset === undefined) {
    throw new BackendError('webgpu.run', {
      got: `a slot ${slot} in no array of the plan`,
      wanted: 'slots of its inputs and outputs',
    })
  }
  allocations[slot] = allocation
  words[slot] = (allocation.byteOffset + byteOffset) / 4
}

function checkCount(what: string, got: number, wanted: number): void {
  if (got === wanted) return
  throw new BackendError('webgpu.run', {
    got: `${got} ${what}`,
    wanted: `${wanted}, as the plan was compiled for`,
  })
}
