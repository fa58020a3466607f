import {
  type ArraySpec,
  BackendError,
  type BufferView,
  byteLengthOf,
  type CustomKernel,
  contractVersion,
  type Executable,
  type Plan,
  splitReductions,
} from '@tensorweft/core'
import { customRun } from './custom.ts'
import { tableEntryBytes } from './kernels/kernel-frame.ts'
import { emitPlanModule, type GeneratedKernel, moduleNames, type PlanModule } from './plan.ts'
import type { Runtime } from './runtime.ts'
import { laneDType } from './scalar/register.ts'
import type { SharedRun } from './threads/crew.ts'
import { faultOf } from './threads/fault.ts'
import { splitPolicy } from './threads/split-policy.ts'

/** Browsers compile modules on the main thread without waiting up to 8 MiB. */
const maxModuleBytes = 2 ** 22

/** Some kernels of a plan, ready to run. */
interface Part {
  run(table: number, scratch: number): void | Promise<void>
  readonly scratchBytes: number
  dispose?(): void
}

/** Kernels that are written here between those that were written by hand, in order. */
function partsOf({ kernels }: Plan): (CustomKernel | GeneratedKernel[])[] {
  const parts: (CustomKernel | GeneratedKernel[])[] = []
  for (const kernel of kernels) {
    const last = parts.at(-1)
    if (kernel.kind === 'custom') parts.push(kernel)
    else if (Array.isArray(last)) last.push(kernel)
    else parts.push([kernel])
  }
  return parts
}

/** Throws BackendError where code may not be compiled. */
function moduleOf(bytes: Uint8Array<ArrayBuffer>): WebAssembly.Module {
  try {
    return new WebAssembly.Module(bytes)
  } catch (cause) {
    throw new BackendError('wasm.compile', {
      got: `an engine that does not take the code: ${cause instanceof Error ? cause.message : cause}`,
      wanted: 'WebAssembly with SIMD, and a content security policy that allows it',
      hint: "add 'wasm-unsafe-eval' to script-src, or use @tensorweft/backend-cpu",
      cause,
    })
  }
}

/** One module for all kernels, or several where it would be too large. */
function emitModules(
  plan: Plan,
  kernels: readonly GeneratedKernel[],
  runtime: Runtime,
): PlanModule[] {
  const { memory, threads, canWait, policy } = runtime
  const { limitPages: maximumPages, isShared } = memory
  const module = emitPlanModule(plan, kernels, {
    maximumPages,
    isShared,
    threads,
    canWait,
    ...policy,
  })
  if (module.bytes.byteLength <= maxModuleBytes || kernels.length < 2) return [module]
  const half = kernels.length >> 1
  return [kernels.slice(0, half), kernels.slice(half)].flatMap((part) =>
    emitModules(plan, part, runtime),
  )
}

function partOf({ bytes, scratchBytes, saved }: PlanModule, runtime: Runtime): Part {
  const { crew, memory, policy } = runtime
  const module = moduleOf(bytes)
  const run = runOf(module, memory.wasm)
  if (saved === 0 || crew === undefined) {
    return { run: (table, scratch) => run(table, scratch, 0, 1, 0), scratchBytes }
  }
  const executable = crew.add(module)
  const isPatient = saved > policy.waitCost
  return {
    run: (table, scratch) => crew.run({ executable, run, table, scratch, isPatient }),
    scratchBytes,
    dispose: () => crew.remove(executable),
  }
}

function runOf(module: WebAssembly.Module, memory: WebAssembly.Memory): SharedRun {
  const imports = { [moduleNames.module]: { [moduleNames.memory]: memory } }
  const run = new WebAssembly.Instance(module, imports).exports[moduleNames.run]
  if (typeof run === 'function') return (...args) => run(...args)
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
  readonly #runtime: Runtime
  readonly #parts: readonly Part[]
  readonly #tableBytes: number
  readonly #byteLength: number
  readonly #scratchBytes: number
  /** First byte of what it holds: the table, then the arena. */
  #address: number | undefined
  readonly #entries: Int32Array<ArrayBuffer>
  readonly #scalars: Float32Array

  constructor(plan: Plan, runtime: Runtime) {
    this.#plan = plan
    this.#runtime = runtime
    const { memory, timeline } = runtime
    this.#parts = partsOf(plan).flatMap((part) =>
      Array.isArray(part)
        ? emitModules(plan, part, runtime).map((module) => partOf(module, runtime))
        : { run: customRun(part, memory), scratchBytes: 0 },
    )
    const entries = plan.slots.length + plan.scalars.length
    this.#entries = new Int32Array(entries)
    this.#scalars = new Float32Array(this.#entries.buffer)
    this.#tableBytes = Math.ceil((entries * tableEntryBytes) / 256) * 256
    this.#byteLength = this.#tableBytes + plan.arenaByteLength
    this.#scratchBytes = Math.max(0, ...this.#parts.map((part) => part.scratchBytes))
    try {
      this.#address = memory.take(this.#byteLength)
      timeline.enqueue(memory.reserveScratch(this.#scratchBytes))
    } catch (error) {
      if (this.#address !== undefined) memory.give(this.#address, this.#byteLength)
      for (const part of this.#parts) part.dispose?.()
      throw error
    }
  }

  modules(): Uint8Array[] {
    return partsOf(this.#plan)
      .filter((part) => Array.isArray(part))
      .flatMap((part) => emitModules(this.#plan, part, this.#runtime))
      .map(({ bytes }) => bytes)
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
    const address = this.#open()
    this.#bind(address + this.#tableBytes, inputs, outputs)
    this.#setScalars(scalars)
    const { timeline, memory } = this.#runtime
    const isNow = timeline.isIdle
    const entries = isNow ? this.#entries : this.#entries.slice()
    const lose = (error: Error) => memory.mark(outputs, error)
    timeline.enqueue(() => {
      try {
        memory.checkIntact(inputs)
        new Int32Array(memory.bytes.buffer, address, entries.length).set(entries)
        const pending = this.#runParts(address)
        if (pending !== undefined) return pending.then(() => memory.mark(outputs, undefined), lose)
        memory.mark(outputs, undefined)
      } catch (error) {
        const fault = faultOf(error)
        if (isNow) throw fault
        lose(fault)
      }
      return undefined
    })
  }

  dispose(): void {
    const address = this.#address
    if (address === undefined) return
    this.#address = undefined
    const { timeline, memory } = this.#runtime
    timeline.enqueue(() => {
      memory.give(address, this.#byteLength)
      memory.releaseScratch(this.#scratchBytes)
      for (const part of this.#parts) part.dispose?.()
    })
  }

  #runParts(table: number, from = 0): void | Promise<void> {
    for (let k = from; k < this.#parts.length; k++) {
      const pending = this.#parts[k]?.run(table, this.#runtime.memory.scratch)
      if (pending !== undefined) return pending.then(() => this.#runParts(table, k + 1))
    }
  }

  #open(): number {
    if (this.#address !== undefined) return this.#address
    throw new BackendError('wasm.run', {
      got: 'an executable that was disposed',
      wanted: 'a live one',
      hint: 'compile the plan again',
    })
  }

  #bind(arena: number, inputs: readonly BufferView[], outputs: readonly BufferView[]): void {
    const { slots, inputs: inputSpecs, outputs: outputSpecs } = this.#plan
    slots.forEach((slot, k) => {
      switch (slot.in) {
        case 'arena':
          this.#entries[k] = arena + slot.byteOffset
          return
        case 'input':
          this.#entries[k] = this.#locate(inputs[slot.input], inputSpecs[slot.input])
          return
        case 'output':
          this.#entries[k] = this.#locate(outputs[slot.output], outputSpecs[slot.output])
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
    const address = this.#runtime.memory.locate('run', view, byteLengthOf(spec.dtype, spec.size))
    if (view.byteOffset % byteLengthOf(spec.dtype) === 0) return address
    throw new BackendError('wasm.run', {
      got: `a ${spec.dtype} array at byte ${view.byteOffset} of a buffer`,
      wanted: `an offset that is a multiple of ${byteLengthOf(spec.dtype)}`,
    })
  }

  #setScalars(scalars: readonly number[]): void {
    const first = this.#plan.slots.length
    this.#plan.scalars.forEach((dtype, k) => {
      const values = laneDType(dtype) === 'float32' ? this.#scalars : this.#entries
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
export function compilePlan(plan: Plan, runtime: Runtime): Executable {
  if (plan.version !== contractVersion) {
    throw new BackendError('wasm.compile', {
      got: `a plan of version ${plan.version}`,
      wanted: `version ${contractVersion}`,
      hint: 'install the same release of @tensorweft/core and @tensorweft/backend-wasm',
    })
  }
  checkArena(plan)
  return new WasmExecutable(splitReductions(plan, splitPolicy(runtime.policy)), runtime)
}
