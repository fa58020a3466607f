import { ArgumentError, type DType, formatShape, ShapeError, Tensor } from '@tensorweft/core'
import { type Dataset, isDataset, mapParts, type Parts, type Samples } from './data.ts'
import { checkSamples, hostArray, toTensor } from './host-array.ts'

/** What a compiled step is given: inputs and labels [batch, …], weights [batch]. */
export type StepInput = Parts<Tensor<DType>>

/** A batch on its way to the backend. */
export interface Batch {
  readonly input: StepInput
  /** Number of samples. */
  readonly size: number
  /** Frees what was made for the batch; the step must have run. */
  readonly release: () => void
}

/**
 * Checks that the parts of a data set have as many samples each, and at least one.
 *
 * @returns How many.
 * @throws ShapeError
 */
export function countSamples(
  op: string,
  parts: Readonly<Record<string, { readonly shape: readonly number[] }>>,
): number {
  const [count = 0, ...others] = Object.values(parts).map(({ shape }) => shape[0])
  const areEqual = others.every((other) => other === count)
  if (areEqual && count > 0) return count
  const got = Object.entries(parts).map(([name, { shape }]) => `${name} is ${formatShape(shape)}`)
  throw new ShapeError(op, {
    got: got.join(' and '),
    wanted: areEqual ? 'at least one sample' : 'as many samples in each',
  })
}

/**
 * A batch of a program: its tensors as they are, everything else made into tensors.
 *
 * @throws ShapeError where its parts do not fit together; what `hostArray` throws.
 */
export async function batchOf(op: string, data: Dataset): Promise<Batch> {
  if (!isDataset(data)) {
    throw new ArgumentError(op, { got: `a batch of type ${typeof data}`, wanted: '{ x, y }' })
  }
  const made: Tensor<DType>[] = []
  const input = await mapParts<Samples, Tensor<DType>>(data, async (part, name) => {
    const batch = await batchTensor(op, name, part)
    if (batch !== part) made.push(batch)
    return batch
  })
  return {
    input,
    size: countSamples(op, { ...input }),
    release: () => {
      for (const part of made) part.dispose()
    },
  }
}

/** One part of a batch as a tensor [batch, …]. */
export async function batchTensor(
  op: string,
  name: string,
  samples: Samples,
): Promise<Tensor<DType>> {
  if (!(samples instanceof Tensor)) return toTensor(await hostArray(op, name, samples))
  checkSamples(op, name, samples.shape)
  return samples
}
