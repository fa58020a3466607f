import { ArgumentError } from '@tensorweft/core'
import { batchOf, countSamples } from './batch.ts'
import { type BatchSource, defaultBatchSize, type SourceOptions } from './batch-source.ts'
import { type Dataset, mapParts, type Parts, type Samples } from './data.ts'
import { gatherSamples, type HostArray, hostArray, sliceSamples } from './host-array.ts'
import { permutation } from './permutation.ts'

/** A data set in memory. */
export type HostDataset = Parts<HostArray>

/**
 * Reads a data set.
 *
 * @throws ShapeError where its parts do not fit together or there are no samples.
 */
export async function readDataset(op: string, data: Dataset): Promise<HostDataset> {
  const read = await mapParts<Samples, HostArray>(data, (part, name) => hostArray(op, name, part))
  countSamples(op, { ...read })
  return read
}

/** Samples `begin` to `end`. */
export function sliceDataset(data: HostDataset, begin: number, end: number): Promise<HostDataset> {
  return mapParts(data, (part) => sliceSamples(part, begin, end))
}

/**
 * A data set in memory that is cut into batches, the last one smaller if need be.
 *
 * @throws ArgumentError for more steps than there are batches.
 */
export function memorySource(
  op: string,
  data: HostDataset,
  { batchSize = defaultBatchSize, stepsPerEpoch = Infinity }: SourceOptions,
): BatchSource {
  const [sampleCount = 0] = data.x.shape
  const batches = Math.ceil(sampleCount / batchSize)
  if (stepsPerEpoch > batches && stepsPerEpoch < Infinity) {
    throw new ArgumentError(op, {
      got: `stepsPerEpoch ${stepsPerEpoch} for ${sampleCount} samples in batches of ${batchSize}`,
      wanted: `at most ${batches}`,
    })
  }
  return {
    sampleCount,
    async open({ steps, samples, order }) {
      const numbers = order && (await permutation(order, sampleCount))
      const left = Math.ceil((sampleCount - samples) / batchSize)
      const last = Math.min(steps + left, stepsPerEpoch)
      let [step, at] = [steps, samples]
      return {
        steps: last,
        async next() {
          if (step >= last) return undefined
          const [begin, end] = [at, Math.min(at + batchSize, sampleCount)]
          step++
          at = end
          const batch = numbers
            ? mapParts(data, (part) => gatherSamples(part, numbers.subarray(begin, end)))
            : sliceDataset(data, begin, end)
          return await batchOf(op, await batch)
        },
        async close() {},
      }
    },
    async close() {},
  }
}
