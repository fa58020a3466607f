import { ArgumentError, type DType, formatShape, ShapeError, Tensor } from '@tensorweft/core'
import type { Dataset, Samples } from './data.ts'
import { hostArray, toTensor } from './host-array.ts'

/** What a compiled step is given. */
export type StepInput = {
  /** Inputs [batch, …]. */
  readonly x: Tensor<DType>
  /** Labels [batch, …]. */
  readonly y: Tensor<DType>
  /** Weights [batch]. */
  readonly sampleWeight?: Tensor<DType>
}

/** A batch on its way to the backend. */
export interface Batch {
  readonly input: StepInput
  /** Number of samples. */
  readonly size: number
  /** Frees what was made for the batch; the step must have run. */
  release(): void
}

/**
 * Checks that the parts of a data set have as many samples each, and at least one.
 *
 * @returns How many.
 * @throws ShapeError
 */
export function countSamples(
  op: string,
  parts: Readonly<Record<string, { readonly shape: readonly number[] } | undefined>>,
): number {
  const given = Object.entries(parts).flatMap(([name, part]) =>
    part === undefined ? [] : { name, shape: part.shape },
  )
  const [first] = given
  const count = first?.shape[0] ?? 0
  const other = given.find(({ shape }) => shape[0] !== count)
  if (first !== undefined && other !== undefined) {
    const [a, b] = [first, other].map(({ name, shape }) => `${name} is ${formatShape(shape)}`)
    throw new ShapeError(op, { got: `${a} and ${b}`, wanted: 'as many samples in both' })
  }
  if (count === 0) {
    const got = given.map(({ name, shape }) => `${name} is ${formatShape(shape)}`).join(' and ')
    throw new ShapeError(op, { got, wanted: 'at least one sample' })
  }
  return count
}

/**
 * A batch of a program: its tensors as they are, everything else made into tensors.
 *
 * @throws ShapeError where its parts do not fit together; what `hostArray` throws.
 */
export async function batchOf(op: string, data: Dataset): Promise<Batch> {
  if (typeof data !== 'object' || data === null || !('x' in data && 'y' in data)) {
    throw new ArgumentError(op, { got: `a batch of type ${typeof data}`, wanted: '{ x, y }' })
  }
  const [x, y, sampleWeight] = [
    await batchTensor(op, 'x', data.x),
    await batchTensor(op, 'y', data.y),
    data.sampleWeight === undefined
      ? undefined
      : await batchTensor(op, 'sampleWeight', data.sampleWeight),
  ]
  const size = countSamples(op, { x, y, sampleWeight })
  const made = [x, y, sampleWeight].filter(
    (part) =>
      part !== undefined && part !== data.x && part !== data.y && part !== data.sampleWeight,
  )
  return {
    input: { x, y, ...(sampleWeight && { sampleWeight }) },
    size,
    release: () => {
      for (const part of made) part?.dispose()
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
  if (samples.rank > 0) return samples
  throw new ShapeError(op, { got: `${name} is a scalar`, wanted: '[batch, …]' })
}
