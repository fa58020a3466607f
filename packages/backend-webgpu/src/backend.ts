import {
  type Backend,
  BackendError,
  type BufferHandle,
  type Capabilities,
  type Executable,
  type Plan,
  scalarFunctions,
} from '@tensorweft/core'
import type { Connection } from './adapter.ts'
import { Backlog } from './backlog.ts'
import { WebGpuExecutable } from './executable.ts'
import { asFault, Faults } from './faults.ts'
import { Buffers } from './memory/buffers.ts'
import { type SlabSizes, Slabs, usualSlabSizes } from './memory/slabs.ts'
import { Staging } from './memory/staging.ts'
import { Writer } from './memory/writer.ts'
import { Pipelines } from './pipelines.ts'
import type { Runtime } from './runtime.ts'
import { measureTiles } from './tiles/measure-tiles.ts'
import { TileChooser } from './tiles/tile-chooser.ts'
import type { TileRates } from './tiles/tile-rates.ts'
import { timeProducts } from './tiles/time-products.ts'
import { Timeline } from './timeline.ts'
import { valueDTypes } from './wgsl/value-type.ts'

/** Milliseconds that a measurement of tiles takes by the clock of the device, and of the host. */
const deviceMs = 1
const hostMs = 8
const mostMs = 16

/** Programs that are over sooner are not held up by measurements. */
const pauseMs = 1000

/** Rates of tiles that the caller kept, and who is told of new ones. */
export interface TileOptions {
  readonly tileRates?: TileRates | undefined
  readonly onTileRates?: ((rates: TileRates) => void) | undefined
  /** The longest measurement: more in tests alone, none in software. */
  readonly mostMs?: number
}

/** The backend on a device; `slabSizes` are the usual ones but in tests. */
export class WebGpuBackend implements Backend {
  readonly name = 'webgpu'
  readonly capabilities: Capabilities
  readonly #connection: Connection
  readonly #runtime: Runtime
  readonly #staging: Staging
  readonly #writer: Writer
  #isDisposed = false

  constructor(
    connection: Connection,
    slabSizes: SlabSizes = usualSlabSizes,
    tileOptions: TileOptions = {},
  ) {
    const { device, features, isOwned } = connection
    const faults = new Faults(device, isOwned)
    const timeline = new Timeline((error) => faults.add(asFault(error)))
    const { maxBufferSize, maxStorageBufferBindingSize } = device.limits
    // Element numbers have 32 bits with a sign, bytes included.
    const maxBufferByteLength =
      Math.floor(Math.min(maxBufferSize, maxStorageBufferBindingSize, 2 ** 31 - 1) / 256) * 256
    const slabs = new Slabs(device, maxBufferByteLength, slabSizes, (buffer) =>
      timeline.enqueue(() => buffer.destroy()),
    )
    this.#connection = connection
    this.#runtime = {
      device,
      features,
      executables: new Set(),
      slabs,
      buffers: new Buffers(slabs),
      pipelines: new Pipelines(device),
      timeline,
      backlog: new Backlog(device.queue),
      faults,
      tiles: this.#tileChooser(tileOptions),
      maxBindings: device.limits.maxStorageBuffersPerShaderStage,
    }
    this.#staging = new Staging(device)
    this.#writer = new Writer(device)
    this.capabilities = {
      contractVersion: 2,
      dtypes: valueDTypes,
      kernels: ['map', 'reduce', 'row', 'contract', 'scan', 'sort', 'scatter', 'custom'],
      functions: scalarFunctions,
      maxBufferByteLength,
    }
  }

  allocate(byteLength: number): BufferHandle {
    this.#check('allocate')
    return this.#runtime.buffers.allocate(byteLength)
  }

  free(buffer: BufferHandle): void {
    // Handles may outlive the backend; their memory is gone with it.
    if (!this.#isDisposed) this.#runtime.buffers.free(buffer)
  }

  write(handle: BufferHandle, bytes: Uint8Array, byteOffset = 0): void {
    this.#check('write')
    const { buffers, timeline, backlog } = this.#runtime
    const place = buffers.place('write', handle, byteOffset, bytes.byteLength)
    const { memory } = place.allocation.slab
    const mustWait = !timeline.isIdle || memory.answered !== undefined
    const kept = mustWait ? bytes.slice() : bytes
    timeline.enqueue(() => {
      const { buffer } = place
      if (memory.refusal !== undefined) return
      if (bytes.byteLength === buffer.byteLength) buffer.fault = undefined
      this.#writer.write(place, kept)
      backlog.addBytes(kept.byteLength)
    }, memory.answered)
  }

  async read(handle: BufferHandle, byteOffset = 0, byteLength?: number): Promise<Uint8Array> {
    this.#check('read')
    const { buffers, timeline, faults } = this.#runtime
    const length =
      byteLength ?? Math.max(buffers.resolve('read', handle).byteLength - byteOffset, 0)
    const place = buffers.place('read', handle, byteOffset, length)
    const { memory } = place.allocation.slab
    // Copies take whole words.
    const start = place.byteOffset - (place.byteOffset % 4)
    const end = Math.ceil((place.byteOffset + length) / 4) * 4
    const words = await faults.settle(
      timeline.run(() => {
        if (place.buffer.fault !== undefined) throw place.buffer.fault
        if (length === 0) return new Uint8Array(0)
        return this.#staging.read(memory.buffer, start, end - start)
      }, memory.answered),
    )
    faults.throwIfAny()
    const skipped = place.byteOffset - start
    return length === words.length ? words : words.slice(skipped, skipped + length)
  }

  compile(plan: Plan): Executable {
    this.#check('compile')
    return new WebGpuExecutable(plan, this.#runtime)
  }

  async finish(): Promise<void> {
    this.#check('finish')
    const { device, timeline, faults } = this.#runtime
    await faults.settle(timeline.run(() => device.queue.onSubmittedWorkDone()))
    faults.throwIfAny()
  }

  async dispose(): Promise<void> {
    if (this.#isDisposed) return
    this.#isDisposed = true
    const { device, slabs, faults, timeline, executables } = this.#runtime
    for (const executable of executables) executable.dispose()
    // What was enqueued before has its turn.
    await timeline.run(() => {
      faults.dispose()
      slabs.dispose()
      this.#staging.dispose()
      this.#writer.dispose()
      if (this.#connection.isOwned) device.destroy()
    })
  }

  #tileChooser({ tileRates, onTileRates, ...limits }: TileOptions): TileChooser {
    const { adapter, features } = this.#connection
    const most = limits.mostMs ?? (features.isSoftware ? 0 : mostMs)
    const least = features.timestamps ? deviceMs : hostMs
    const measure = async () => {
      await pause(pauseMs)
      const time = timeProducts(this.#runtime)
      return measureTiles(
        async (...product) => {
          this.#check('measure')
          const elapsedMs = await time(...product)
          // The host's clock goes on where the device does not.
          this.#check('measure')
          return elapsedMs
        },
        { least, most },
      )
    }
    return new TileChooser({
      adapter,
      given: tileRates,
      measure: most > 0 ? measure : undefined,
      onRates: (rates) => {
        if (this.#isDisposed) return
        for (const executable of this.#runtime.executables) executable.renew()
        // What it throws is its own affair.
        queueMicrotask(() => onTileRates?.(rates))
      },
    })
  }

  #check(op: string): void {
    const { lost } = this.#runtime.faults
    if (lost !== undefined) throw lost
    if (!this.#isDisposed) return
    throw new BackendError(`webgpu.${op}`, {
      got: 'a backend that was disposed',
      wanted: 'a live one',
      hint: 'create another with webgpu()',
    })
  }
}

/** Does not keep Node alive. */
function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => {
    const timer: unknown = setTimeout(resolve, milliseconds)
    const { unref } = Object(timer) as { unref?: () => void }
    unref?.call(timer)
  })
}
