import {
  type ArraySpec,
  BackendError,
  type BufferView,
  byteLengthOf,
  contractVersion,
  type Executable,
  type Kernel,
  type Plan,
} from '@tensorweft/core'
import { tableEntryBytes } from './kernels/kernel-frame.ts'
import { type Memory, maxPages } from './memory/memory.ts'
import { emitPlanModule, moduleNames } from './plan.ts'
import { laneDType } from './scalar/register.ts'

/** Browsers compile modules on the main thread without waiting up to 8 MiB. */
const maxModuleBytes = 2 ** 22

type Run = (table: number, scratch: number) => void

interface CompiledModule {
  readonly module: WebAssembly.Module
  readonly scratchBytes: number
}

/** One module for all kernels, or several where it would be too large. */
function compileKernels(plan: Plan, kernels: readonly Kernel[]): CompiledModule[] {
  const { bytes, scratchBytes } = emitPlanModule(plan, kernels, maxPages)
  if (bytes.byteLength > maxModuleBytes && kernels.length > 1) {
    const half = kernels.length >> 1
    return [kernels.slice(0, half), kernels.slice(half)].flatMap((part) =>
      compileKernels(plan, part),
    )
  }
  return [{ module: new WebAssembly.Module(bytes), scratchBytes }]
}

function runOf(module: WebAssembly.Module, memory: WebAssembly.Memory): Run {
  const imports = { [moduleNames.module]: { [moduleNames.memory]: memory } }
  const run = new WebAssembly.Instance(module, imports).exports[moduleNames.run]
  if (typeof run === 'function') return (table, scratch) => run(table, scratch)
  throw new BackendError('wasm.compile', { got: 'a module without a function to run' })
}

function checkCount(what: string, got: number, wanted: number): void {
  if (got === wanted) return
  throw new BackendError('wasm.run', {
    got: `${got} ${what}`,
    wanted: `${wanted}, as the plan was compiled for`,
  })
}

class WasmExecutable implements Executable {
  readonly ready = Promise.resolve()
  readonly #plan: Plan
  readonly #memory: Memory
  readonly #runs: readonly Run[]
  readonly #tableBytes: number
  readonly #byteLength: number
  /** First byte of what it holds: the table, the scratch memory, the arena. */
  #address: number | undefined
  readonly #scratch: number
  readonly #arena: number
  #table = new Int32Array()
  #scalars = new Float32Array()

  constructor(plan: Plan, memory: Memory) {
    this.#plan = plan
    this.#memory = memory
    const modules = compileKernels(plan, plan.kernels)
    this.#runs = modules.map(({ module }) => runOf(module, memory.wasm))
    const entries = plan.slots.length + plan.scalars.length
    this.#tableBytes = Math.ceil((entries * tableEntryBytes) / 256) * 256
    const scratchBytes = Math.max(0, ...modules.map((compiled) => compiled.scratchBytes))
    this.#byteLength = this.#tableBytes + scratchBytes + plan.arenaByteLength
    this.#address = memory.take(this.#byteLength)
    this.#scratch = this.#address + this.#tableBytes
    this.#arena = this.#scratch + scratchBytes
  }

  run(
    inputs: readonly BufferView[],
    outputs: readonly BufferView[],
    scalars: readonly number[],
  ): void {
    const plan = this.#plan
    checkCount('inputs', inputs.length, plan.inputs.length)
    checkCount('outputs', outputs.length, plan.outputs.length)
    checkCount('scalars', scalars.length, plan.scalars.length)
    const table = this.#openTable()
    this.#bind(inputs, outputs)
    this.#setScalars(scalars)
    for (const run of this.#runs) run(table, this.#scratch)
  }

  dispose(): void {
    if (this.#address === undefined) return
    this.#memory.give(this.#address, this.#byteLength)
    this.#address = undefined
  }

  /** Views of the table, which die whenever the memory grows. */
  #openTable(): number {
    const address = this.#address
    if (address === undefined) {
      throw new BackendError('wasm.run', {
        got: 'an executable that was disposed',
        wanted: 'a live one',
        hint: 'compile the plan again',
      })
    }
    const { buffer } = this.#memory.bytes
    if (this.#table.buffer !== buffer) {
      const { slots, scalars } = this.#plan
      this.#table = new Int32Array(buffer, address, slots.length + scalars.length)
      this.#scalars = new Float32Array(buffer, address, slots.length + scalars.length)
    }
    return address
  }

  #bind(inputs: readonly BufferView[], outputs: readonly BufferView[]): void {
    const { slots, inputs: inputSpecs, outputs: outputSpecs } = this.#plan
    slots.forEach((slot, k) => {
      switch (slot.in) {
        case 'arena':
          this.#table[k] = this.#arena + slot.byteOffset
          return
        case 'input':
          this.#table[k] = this.#locate(inputs[slot.input], inputSpecs[slot.input])
          return
        case 'output':
          this.#table[k] = this.#locate(outputs[slot.output], outputSpecs[slot.output])
      }
    })
  }

  #locate(view: BufferView | undefined, spec: ArraySpec | undefined): number {
    if (view === undefined || spec === undefined) {
      throw new BackendError('wasm.run', {
        got: 'a slot of an array that the plan does not have',
        wanted: 'a slot for an input or an output of the plan',
      })
    }
    const address = this.#memory.locate('run', view, byteLengthOf(spec.dtype, spec.size))
    if (view.byteOffset % byteLengthOf(spec.dtype) === 0) return address
    throw new BackendError('wasm.run', {
      got: `a ${spec.dtype} array at byte ${view.byteOffset} of a buffer`,
      wanted: `an offset that is a multiple of ${byteLengthOf(spec.dtype)}`,
    })
  }

  #setScalars(scalars: readonly number[]): void {
    const first = this.#plan.slots.length
    this.#plan.scalars.forEach((dtype, k) => {
      const values = laneDType(dtype) === 'float32' ? this.#scalars : this.#table
      values[first + k] = scalars[k] ?? 0
    })
  }
}

/** Nothing would stop a kernel from writing beyond the arena, into memory of others. */
function checkArena({ slots, arenaByteLength }: Plan): void {
  slots.forEach((slot, k) => {
    if (slot.in !== 'arena') return
    const end = slot.byteOffset + byteLengthOf(slot.dtype, slot.size)
    const isAligned = slot.byteOffset % byteLengthOf(slot.dtype) === 0
    if (slot.byteOffset >= 0 && end <= arenaByteLength && isAligned) return
    throw new BackendError('wasm.compile', {
      got: `slot ${k} at bytes ${slot.byteOffset} to ${end} of an arena of ${arenaByteLength}`,
      wanted: 'an aligned range inside the arena',
    })
  })
}

/** Compiles the kernels of a plan, and takes the memory that its runs need. */
export function compilePlan(plan: Plan, memory: Memory): Executable {
  if (plan.version !== contractVersion) {
    throw new BackendError('wasm.compile', {
      got: `a plan of version ${plan.version}`,
      wanted: `version ${contractVersion}`,
      hint: 'install the same release of @tensorweft/core and @tensorweft/backend-wasm',
    })
  }
  checkArena(plan)
  return new WasmExecutable(plan, memory)
}
