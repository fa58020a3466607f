import { ArgumentError } from '@tensorweft/core'
import { type Batch, countSamples } from './batch.ts'
import type { BatchSource, EpochBatches, EpochStart } from './batch-source.ts'
import type { Dataset } from './data.ts'
import { gatherSamples, type HostArray, hostArray, sliceSamples, toTensor } from './host-array.ts'
import { permutation } from './permutation.ts'

/** A data set in memory. */
export interface HostDataset {
  readonly x: HostArray
  readonly y: HostArray
  readonly sampleWeight?: HostArray
}

/**
 * Reads a data set.
 *
 * @throws ShapeError where its parts do not fit together or there are no samples.
 */
export async function readDataset(op: string, data: Dataset): Promise<HostDataset> {
  const { x, y, sampleWeight } = data
  const read = {
    x: await hostArray(op, 'x', x),
    y: await hostArray(op, 'y', y),
    ...(sampleWeight && { sampleWeight: await hostArray(op, 'sampleWeight', sampleWeight) }),
  }
  countSamples(op, { ...read })
  return read
}

/** Samples `begin` to `end`. */
export function sliceDataset(data: HostDataset, begin: number, end: number): HostDataset {
  return mapDataset(data, (part) => sliceSamples(part, begin, end))
}

function mapDataset(data: HostDataset, map: (part: HostArray) => HostArray): HostDataset {
  const { x, y, sampleWeight } = data
  return { x: map(x), y: map(y), ...(sampleWeight && { sampleWeight: map(sampleWeight) }) }
}

/** A data set in memory that is cut into batches, the last one smaller if need be. */
export class MemorySource implements BatchSource {
  readonly sampleCount: number
  readonly #data: HostDataset
  readonly #batchSize: number
  readonly #stepsPerEpoch: number

  /** @throws ArgumentError for more steps than there are batches. */
  constructor(op: string, data: HostDataset, batchSize: number, stepsPerEpoch?: number) {
    const count = data.x.shape[0] ?? 0
    const batches = Math.ceil(count / batchSize)
    if (stepsPerEpoch !== undefined && stepsPerEpoch > batches) {
      throw new ArgumentError(op, {
        got: `stepsPerEpoch ${stepsPerEpoch} for ${count} samples in batches of ${batchSize}`,
        wanted: `at most ${batches}`,
      })
    }
    this.sampleCount = count
    this.#data = data
    this.#batchSize = batchSize
    this.#stepsPerEpoch = stepsPerEpoch ?? Number.POSITIVE_INFINITY
  }

  async open({ steps, samples, order }: EpochStart): Promise<EpochBatches> {
    const numbers = order && (await permutation(order, this.sampleCount))
    const left = Math.ceil((this.sampleCount - samples) / this.#batchSize)
    const last = Math.min(steps + left, this.#stepsPerEpoch)
    let step = steps
    let at = samples
    return {
      steps: last,
      next: async () => {
        if (step >= last) return undefined
        const begin = at
        step++
        at = Math.min(at + this.#batchSize, this.sampleCount)
        return this.#batch(begin, at, numbers)
      },
      close: async () => {},
    }
  }

  async close(): Promise<void> {}

  #batch(begin: number, end: number, numbers: Uint32Array | undefined): Batch {
    const { x, y, sampleWeight } = mapDataset(this.#data, (part) =>
      numbers === undefined
        ? sliceSamples(part, begin, end)
        : gatherSamples(part, numbers.subarray(begin, end)),
    )
    const input = {
      x: toTensor(x),
      y: toTensor(y),
      ...(sampleWeight && { sampleWeight: toTensor(sampleWeight) }),
    }
    return {
      input,
      size: end - begin,
      release: () => {
        for (const part of [input.x, input.y, input.sampleWeight]) part?.dispose()
      },
    }
  }
}
