import {
  type ArraySpec,
  BackendError,
  type BufferView,
  byteLengthOf,
  type Executable,
  type Plan,
  type Slot,
  type TensorweftError,
} from '@tensorweft/core'
import { type ArrayPlace, encodeLaunch, type Launch, prepareLaunch } from './launch.ts'
import type { Place } from './memory/buffers.ts'
import type { Allocation, Slab } from './memory/slabs.ts'
import { bufferUsage } from './memory/usage.ts'
import { layOutPlan, type PlanLayout } from './plan.ts'
import type { Runtime } from './runtime.ts'
import { wordOf } from './wgsl/params.ts'

/** The launches of a plan for arrays in certain slabs. */
interface Prepared {
  /** The slab of each slot. */
  readonly slabs: readonly Slab[]
  readonly launches: readonly Launch[]
  /** Resolves when all pipelines are compiled, or known not to. */
  readonly done: Promise<void>
  isReady: boolean
}

export class WebGpuExecutable implements Executable {
  readonly ready: Promise<void>
  readonly #plan: Plan
  readonly #layout: PlanLayout
  readonly #runtime: Runtime
  readonly #params: GPUBuffer
  readonly #words: Uint32Array<ArrayBuffer>
  #arena: Allocation | undefined
  #prepared: Prepared | undefined

  constructor(plan: Plan, runtime: Runtime) {
    this.#plan = plan
    this.#runtime = runtime
    this.#layout = layOutPlan(plan)
    const { paramsByteLength } = this.#layout
    this.#arena = runtime.slabs.allocate('webgpu.compile', plan.arenaByteLength)
    this.#params = runtime.device.createBuffer({
      label: 'tensorweft params',
      size: Math.max(paramsByteLength, 16),
      usage: bufferUsage.uniform | bufferUsage.copyTarget,
    })
    this.#words = new Uint32Array(paramsByteLength / 4)
    // The first run tells where arrays lie; without one, all in one slab is the best guess.
    this.ready = Promise.resolve().then(() => this.#whenReady())
    this.ready.catch(() => {})
  }

  run(
    inputs: readonly BufferView[],
    outputs: readonly BufferView[],
    scalars: readonly number[],
  ): void {
    const plan = this.#plan
    checkCount('scalars', scalars.length, plan.scalars.length)
    const ins = this.#places('inputs', inputs, plan.inputs)
    const outs = this.#places('outputs', outputs, plan.outputs)
    const arena = this.#liveArena()
    const places = plan.slots.map((slot) => placeOf(slot, ins, outs, arena))
    const prepared = this.#prepare(places)
    if (prepared.launches.length === 0) return
    const words = this.#writeWords(prepared, places, scalars)
    const { timeline } = this.#runtime
    const mustWait = !prepared.isReady
    const kept = mustWait || !timeline.isIdle ? words.slice() : words
    timeline.enqueue(
      () => this.#submit(prepared, places, kept, ins, outs),
      mustWait ? prepared.done : undefined,
    )
  }

  dispose(): void {
    const { slabs, timeline } = this.#runtime
    if (this.#arena === undefined) return
    slabs.release(this.#arena)
    this.#arena = undefined
    const prepared = this.#prepared
    this.#prepared = undefined
    timeline.enqueue(() => {
      this.#params.destroy()
      if (prepared !== undefined) this.#release(prepared)
    })
  }

  async #whenReady(): Promise<void> {
    if (this.#arena === undefined) return
    const { slab } = this.#arena
    const prepared =
      this.#prepared ?? this.#prepare(this.#plan.slots.map(() => ({ slab, byteOffset: 0 })))
    await prepared.done
    const fault = faultOf(prepared)
    if (fault !== undefined) throw fault
  }

  /** The launches for the slabs that the slots lie in, those of the last run where these are the same. */
  #prepare(places: readonly ArrayPlace[]): Prepared {
    const known = this.#prepared
    if (known?.slabs.every((slab, k) => slab === places[k]?.slab)) return known
    const launches = this.#layout.kernels.flatMap((kernelPlan) => {
      const own = operandPlaces(kernelPlan.kernel, places)
      return prepareLaunch(kernelPlan, this.#plan, own, this.#params, this.#runtime) ?? []
    })
    const pipelines = launches.map(({ pipeline }) => pipeline)
    const prepared: Prepared = {
      slabs: places.map(({ slab }) => slab),
      launches,
      done: Promise.all(pipelines.map(({ done }) => done)).then(() => {
        prepared.isReady = true
      }),
      isReady: pipelines.every(({ compiled }) => compiled !== undefined),
    }
    this.#prepared = prepared
    if (known !== undefined) this.#runtime.timeline.enqueue(() => this.#release(known))
    return prepared
  }

  /** Gives back what was prepared for slabs that are not in use any more. */
  #release({ launches }: Prepared): void {
    for (const { pipeline, gathered } of launches) {
      this.#runtime.pipelines.release(pipeline)
      gathered?.buffer.destroy()
    }
  }

  /** Where each kernel's operands start, and the numbers of this run. */
  #writeWords(
    { launches }: Prepared,
    places: readonly ArrayPlace[],
    scalars: readonly number[],
  ): Uint32Array<ArrayBuffer> {
    const words = this.#words
    for (const { plan, gathered } of launches) {
      const { kernel, params, byteOffset } = plan
      params.forEach((param, k) => {
        const at = byteOffset / 4 + k
        if (param.kind === 'scalar') {
          words[at] = wordOf(scalars[param.scalar] ?? Number.NaN, param.dtype)
        } else if (param.kind === 'base') {
          const slot = kernel.operands[param.operand]?.slot ?? 0
          const place = gathered?.relocations[param.operand] ?? places[slot]
          words[at] = (place?.byteOffset ?? 0) / 4
        }
      })
    }
    return words
  }

  #submit(
    prepared: Prepared,
    places: readonly ArrayPlace[],
    words: Uint32Array<ArrayBuffer>,
    ins: readonly Place[],
    outs: readonly Place[],
  ): void {
    const fault = faultOf(prepared) ?? ins.find(({ buffer }) => buffer.fault)?.buffer.fault
    for (const { buffer } of outs) buffer.fault = fault
    if (fault !== undefined) return
    const { device } = this.#runtime
    device.queue.writeBuffer(this.#params, 0, words)
    const encoder = device.createCommandEncoder()
    let pass = encoder.beginComputePass()
    for (const launch of prepared.launches) {
      pass = encodeLaunch(encoder, pass, launch, () => operandPlaces(launch.plan.kernel, places))
    }
    pass.end()
    device.queue.submit([encoder.finish()])
  }

  #places(
    what: string,
    views: readonly BufferView[],
    specs: readonly ArraySpec[],
  ): readonly Place[] {
    checkCount(what, views.length, specs.length)
    return specs.map(({ dtype, size }, k) => {
      const view = views[k]
      if (view !== undefined) {
        return this.#runtime.buffers.view('run', view, byteLengthOf(dtype, size))
      }
      throw new BackendError('webgpu.run', { got: `no view ${k}`, wanted: 'one for each array' })
    })
  }

  #liveArena(): Allocation {
    if (this.#arena !== undefined) return this.#arena
    throw new BackendError('webgpu.run', {
      got: 'an executable that was disposed',
      wanted: 'a live one',
      hint: 'compile the plan again',
    })
  }
}

function placeOf(
  slot: Slot,
  ins: readonly Place[],
  outs: readonly Place[],
  arena: Allocation,
): ArrayPlace {
  if (slot.in === 'arena') {
    return { slab: arena.slab, byteOffset: arena.byteOffset + slot.byteOffset }
  }
  const place = slot.in === 'input' ? ins[slot.input] : outs[slot.output]
  if (place !== undefined) return { slab: place.allocation.slab, byteOffset: place.byteOffset }
  throw new BackendError('webgpu.run', {
    got: `a slot in ${slot.in} that the plan does not have`,
    wanted: 'slots of its inputs and outputs',
  })
}

function operandPlaces(
  { operands }: { readonly operands: readonly { readonly slot: number }[] },
  places: readonly ArrayPlace[],
): ArrayPlace[] {
  return operands.flatMap(({ slot }) => places[slot] ?? [])
}

function faultOf({ launches }: Prepared): TensorweftError | undefined {
  return launches.find(({ pipeline }) => pipeline.fault)?.pipeline.fault
}

function checkCount(what: string, got: number, wanted: number): void {
  if (got === wanted) return
  throw new BackendError('webgpu.run', {
    got: `${got} ${what}`,
    wanted: `${wanted}, as the plan was compiled for`,
  })
}
