import {
  BackendError,
  type BufferView,
  type Executable,
  type Plan,
  TensorweftError,
} from '@tensorweft/core'
import { asFault } from './faults.ts'
import { shapeOf } from './kernels/contract/shape.ts'
import { LaunchEncoder } from './launch.ts'
import { ownCommands } from './memory/labels.ts'
import type { Allocation, Slab } from './memory/slabs.ts'
import { type KernelPlan, layOutPlan, type PlanLayout } from './plan.ts'
import { PreparedPlan } from './prepared-plan.ts'
import { ArgumentReader, type RunArguments } from './run-arguments.ts'
import type { Runtime } from './runtime.ts'
import { Stopwatch } from './stopwatch.ts'
import { Uniforms } from './uniforms.ts'
import { wordOf } from './wgsl/params.ts'

/** A measurement is repeated until it takes so long: clocks may be as coarse as 0.1 ms. */
const minMeasuredMs = 4

/** Distributions of arrays over slabs that a plan stays prepared for. */
const maxPrepared = 8

/** Products of a contraction from which on it is worth knowing how fast the device's tiles are. */
const manyProducts = 2 ** 24

/**
 * A plan that runs as one pass and one submit. A run whose arrays lie in slabs that an earlier one
 * had them in makes no objects on the device but those of its commands.
 */
export class WebGpuExecutable implements Executable {
  readonly ready: Promise<void>
  readonly #layout: PlanLayout
  readonly #runtime: Runtime
  readonly #arguments: ArgumentReader
  readonly #uniforms: Uniforms
  readonly #commands: GPUCommandBuffer[] = []
  /** Whether a run writes over inputs. */
  readonly #isInPlace: boolean
  #arena: Allocation | undefined
  /** The latest first. */
  readonly #prepared: PreparedPlan[] = []

  constructor(plan: Plan, runtime: Runtime) {
    this.#runtime = runtime
    this.#layout = layOutPlan(plan)
    this.#isInPlace = plan.outputs.some(({ donated }) => donated !== undefined)
    this.#arguments = new ArgumentReader(this.#layout.plan, runtime.buffers)
    this.#arena = runtime.slabs.allocate('webgpu.compile', this.#layout.plan.arenaByteLength)
    this.#uniforms = new Uniforms(runtime.device, this.#layout.paramsByteLength)
    for (const { at, word } of this.#layout.fixed) this.#uniforms.set(at, word)
    runtime.executables.add(this)
    this.ready = Promise.resolve().then(() => this.#whenReady())
    const isLarge = this.#layout.kernels.some(isLargeContraction)
    // Not before what is wanted first has been compiled.
    this.ready.then(isLarge ? () => runtime.tiles.measure() : undefined).catch(() => {})
  }

  run(
    inputs: readonly BufferView[],
    outputs: readonly BufferView[],
    scalars: readonly number[],
  ): void | Promise<void> {
    const args = this.#arguments.read(inputs, outputs, scalars, this.#liveArena())
    const prepared = this.#preparedOrFault(args)
    if (prepared instanceof TensorweftError) return rejected(prepared)
    const { timeline, backlog } = this.#runtime
    if (prepared.isReady && timeline.isIdle && backlog.room === undefined) {
      const fault = this.#submit(prepared, args)
      return fault === undefined ? undefined : rejected(fault)
    }
    return this.#runLater(prepared, args.copy())
  }

  // Apart, so that a run that need not wait makes no closures.
  #runLater(prepared: PreparedPlan, args: RunArguments): void | Promise<void> {
    const { timeline, backlog } = this.#runtime
    const begun = timeline.run(
      () => {
        const fault = this.#submit(prepared, args)
        if (fault !== undefined) throw fault
      },
      () => prepared.done.then(() => backlog.room),
    )
    // Those who do not wait are told when they read.
    begun.catch(() => {})
    // Pipelines of several plans compile side by side where nothing depends on whether they do.
    const canFollow = !this.#isInPlace && prepared.hasMemory && backlog.room === undefined
    return canFollow ? undefined : begun
  }

  /** What a kernel is refused for is known before anything is written. */
  #preparedOrFault(args: RunArguments): PreparedPlan | TensorweftError {
    try {
      return this.#preparedFor(args)
    } catch (error) {
      return asFault(error)
    }
  }

  async measure(
    inputs: readonly BufferView[],
    outputs: readonly BufferView[],
    scalars: readonly number[],
  ): Promise<number | undefined> {
    const { features, timeline, faults } = this.#runtime
    if (!features.timestamps) return undefined
    const args = this.#arguments.read(inputs, outputs, scalars, this.#liveArena()).copy()
    const prepared = this.#preparedFor(args)
    const { mostPasses, mostTimes } = prepared
    if (mostPasses > Stopwatch.mostPasses) return undefined
    for (let times = 1; ; times *= 8) {
      const timed = () => this.#time(prepared, args, times)
      const elapsedMs = await faults.settle(timeline.run(timed, prepared.done))
      if (elapsedMs >= minMeasuredMs || times >= mostTimes) return elapsedMs / times
    }
  }

  /**
   * Milliseconds that `times` runs take, by the clock of the host where the device has none. What is
   * run meanwhile does not wait until this plan is compiled.
   */
  async time(
    inputs: readonly BufferView[],
    outputs: readonly BufferView[],
    times: number,
  ): Promise<number> {
    const args = this.#arguments.read(inputs, outputs, [], this.#liveArena()).copy()
    const prepared = this.#preparedFor(args)
    await prepared.done
    return this.#runtime.timeline.run(() => {
      this.#liveArena()
      return this.#time(prepared, args, times)
    })
  }

  /**
   * Prepares the plan anew where other tiles have turned out to be faster. Runs go on with what is
   * there until all is compiled; their results do not depend on tiles.
   */
  renew(): void {
    if (!this.#layout.kernels.some(({ kernel }) => kernel.kind === 'contract')) return
    for (const prepared of this.#prepared) void this.#renew(prepared).catch(() => {})
  }

  source(): string {
    const prepared = this.#latest()
    return prepared.launches
      .map(({ plan, pipeline }, k) => `// ${k + 1}. ${plan.kernel.label}\n${pipeline.code}`)
      .join('\n')
  }

  dispose(): void {
    const { slabs, timeline } = this.#runtime
    if (this.#arena === undefined) return
    slabs.release(this.#arena)
    this.#arena = undefined
    this.#runtime.executables.delete(this)
    timeline.enqueue(() => {
      this.#uniforms.buffer.destroy()
      for (const prepared of this.#prepared) prepared.release(this.#runtime)
    })
  }

  async #whenReady(): Promise<void> {
    if (this.#arena === undefined) return
    const prepared = this.#latest()
    await prepared.done
    if (prepared.fault !== undefined) throw prepared.fault
  }

  /** The first run tells where arrays lie; without one, all in one slab is the best guess. */
  #latest(): PreparedPlan {
    const { slab } = this.#liveArena()
    return this.#prepared[0] ?? this.#prepare(this.#layout.plan.slots.map(() => slab))
  }

  #preparedFor(args: RunArguments): PreparedPlan {
    const all = this.#prepared
    let k = 0
    while (k < all.length && all[k]?.fits(args) !== true) k++
    const known = all[k]
    if (known === undefined) return this.#prepare(args.allocations.map(({ slab }) => slab))
    for (; k > 0; k--) all[k] = all[k - 1] ?? known
    all[0] = known
    return known
  }

  #prepare(slabs: readonly Slab[]): PreparedPlan {
    const prepared = new PreparedPlan(this.#layout, slabs, this.#uniforms.buffer, this.#runtime)
    this.#prepared.unshift(prepared)
    const oldest = this.#prepared.length > maxPrepared ? this.#prepared.pop() : undefined
    if (oldest !== undefined) this.#runtime.timeline.enqueue(() => oldest.release(this.#runtime))
    return prepared
  }

  async #renew(old: PreparedPlan): Promise<void> {
    // Buffers that stand in for arrays would be needed twice.
    if (old.mostPasses > 1) return
    const runtime = this.#runtime
    const fresh = new PreparedPlan(this.#layout, old.slabs, this.#uniforms.buffer, runtime)
    await fresh.done
    const place = this.#arena === undefined ? -1 : this.#prepared.indexOf(old)
    const isOther = fresh.launches.some(({ pipeline }, k) => pipeline !== old.launches[k]?.pipeline)
    const isBetter = place >= 0 && isOther && fresh.fault === undefined
    if (isBetter) this.#prepared[place] = fresh
    runtime.timeline.enqueue(() => (isBetter ? old : fresh).release(runtime))
  }

  /** Why it cannot run, if so. Then nothing was written. */
  #submit(prepared: PreparedPlan, args: RunArguments): TensorweftError | undefined {
    const fault = this.#runtime.faults.lost ?? prepared.faultFor(args)
    args.tellOutputs(fault)
    if (fault !== undefined || prepared.launches.length === 0) return fault
    const { device, backlog } = this.#runtime
    this.#writeUniforms(prepared, args)
    const encoder = device.createCommandEncoder(ownCommands)
    const launches = new LaunchEncoder(encoder, undefined)
    for (const launch of prepared.launches) launches.encode(launch, args)
    launches.end()
    this.#commands[0] = encoder.finish()
    device.queue.submit(this.#commands)
    backlog.add()
    return undefined
  }

  /** Runs the plan `times` over; resolves with the milliseconds that the device took. */
  #time(prepared: PreparedPlan, args: RunArguments, times: number): Promise<number> {
    const fault = prepared.faultFor(args)
    if (fault !== undefined) throw fault
    const { device, features } = this.#runtime
    this.#writeUniforms(prepared, args)
    const stopwatch = features.timestamps ? new Stopwatch(device, prepared.mostPasses) : undefined
    const encoder = device.createCommandEncoder(ownCommands)
    const launches = new LaunchEncoder(encoder, stopwatch?.describePass)
    for (let time = 0; time < times; time++) {
      for (const launch of prepared.launches) launches.encode(launch, args)
    }
    launches.end()
    return stopwatch?.finish(encoder) ?? timeOnHost(device.queue, encoder)
  }

  #writeUniforms(prepared: PreparedPlan, args: RunArguments): void {
    const uniforms = this.#uniforms
    prepared.placeOperands(args, uniforms)
    for (const { at, scalar, dtype } of this.#layout.scalars) {
      uniforms.set(at, wordOf(args.scalars[scalar] ?? Number.NaN, dtype))
    }
    uniforms.upload(this.#runtime.device.queue)
  }

  #liveArena(): Allocation {
    const { slabs } = this.#runtime
    const arena = this.#arena
    if (arena === undefined) {
      throw new BackendError('webgpu.run', {
        got: 'an executable that was disposed',
        wanted: 'a live one',
        hint: 'compile the plan again',
      })
    }
    if (arena.slab.memory.refusal === undefined) return arena
    // There may be memory by now.
    slabs.release(arena)
    this.#arena = undefined
    this.#arena = slabs.allocate('webgpu.run', arena.askedByteLength)
    return this.#arena
  }
}

function rejected(error: TensorweftError): Promise<void> {
  const answer = Promise.reject(error)
  // Those who do not wait are told when they read.
  answer.catch(() => {})
  return answer
}

function isLargeContraction({ kernel }: KernelPlan): boolean {
  if (kernel.kind !== 'contract') return false
  const { batch, m, n, k } = shapeOf(kernel)
  return batch * m * n * k >= manyProducts
}

async function timeOnHost(queue: GPUQueue, encoder: GPUCommandEncoder): Promise<number> {
  await queue.onSubmittedWorkDone()
  const start = performance.now()
  queue.submit([encoder.finish()])
  await queue.onSubmittedWorkDone()
  return performance.now() - start
}
