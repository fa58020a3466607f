import { ownLabel } from './memory/labels.ts'
import { bufferUsage, mapModeRead } from './memory/usage.ts'

/** Queries that a set may have. */
const mostQueries = 4096

/** Measures how long passes take on the device, by timestamps at their beginnings and ends. */
export class Stopwatch {
  /** Passes that one can measure. */
  static readonly mostPasses: number = mostQueries / 2
  readonly #device: GPUDevice
  readonly #queries: GPUQuerySet
  #count = 0

  constructor(device: GPUDevice, passes: number) {
    this.#device = device
    this.#queries = device.createQuerySet({ label: ownLabel, type: 'timestamp', count: 2 * passes })
  }

  /** What the next pass begins with. */
  readonly describePass = (): GPUComputePassDescriptor => ({
    timestampWrites: {
      querySet: this.#queries,
      beginningOfPassWriteIndex: this.#count++,
      endOfPassWriteIndex: this.#count++,
    },
  })

  /** Ends and submits the commands; resolves with the milliseconds that all passes took together. */
  async finish(encoder: GPUCommandEncoder): Promise<number> {
    const { queryResolve, copySource, copyTarget, mapRead } = bufferUsage
    const size = Math.max(this.#count, 2) * 8
    const resolved = this.#device.createBuffer({
      label: ownLabel,
      size,
      usage: queryResolve | copySource,
    })
    const target = this.#device.createBuffer({ label: ownLabel, size, usage: mapRead | copyTarget })
    encoder.resolveQuerySet(this.#queries, 0, this.#count, resolved, 0)
    encoder.copyBufferToBuffer(resolved, 0, target, 0, size)
    this.#device.queue.submit([encoder.finish()])
    try {
      await target.mapAsync(mapModeRead)
      const times = new BigUint64Array(target.getMappedRange())
      let nanoseconds = 0n
      for (let k = 0; k < this.#count; k += 2) {
        nanoseconds += (times[k + 1] ?? 0n) - (times[k] ?? 0n)
      }
      return Number(nanoseconds) / 1e6
    } finally {
      for (const made of [this.#queries, resolved, target]) made.destroy()
    }
  }
}
