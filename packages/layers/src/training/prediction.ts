import {
  createTypedArray,
  type DType,
  formatShape,
  realize,
  ShapeError,
  Tensor,
  tensor,
} from '@tensorweft/core'
import { batchTensor, countSamples } from './batch.ts'
import type { PredictionInputs, Samples } from './data.ts'
import { type HostArray, hostArray, readTensor, sliceSamples, toTensor } from './host-array.ts'
import { StepsInFlight } from './steps-in-flight.ts'
import { isIterable } from './stream-source.ts'

type Apply = (x: Tensor) => Tensor

/** One batch of inputs. */
interface InputBatch {
  /** [batch, …] */
  readonly x: Tensor<DType>
  /** Whether it was made for the purpose. */
  readonly isOwn: boolean
}

/**
 * What a model gives for inputs, batch by batch, put together along the first axis.
 *
 * @param sampleRank Of what the model is trained on, where that is known.
 * @throws ShapeError for no inputs, or a sample that is no batch.
 */
export async function predictAll(
  model: Apply,
  inputs: PredictionInputs,
  batchSize: number,
  sampleRank: number | undefined,
): Promise<Tensor> {
  // Layers that take inputs of any rank do not refuse a sample.
  const apply: Apply = (x) => {
    const outputs = x.rank === sampleRank ? undefined : model(x)
    if (outputs !== undefined && outputs.shape[0] === x.shape[0]) return outputs
    throw new ShapeError('predict', {
      got: `inputs ${formatShape(x.shape)}${outputs ? ` and outputs ${formatShape(outputs.shape)}` : ''}`,
      wanted: '[samples, …]',
      hint: 'a single sample is an array of one: [sample]',
    })
  }
  if (!isSamples(inputs)) return applyToBatches(apply, givenBatches(inputs))
  const isBatch = inputs instanceof Tensor && (inputs.shape[0] ?? Infinity) <= batchSize
  const all = isBatch ? inputs : await hostArray('predict', 'inputs', inputs)
  const count = countSamples('predict', { inputs: all })
  const isTensor = all instanceof Tensor
  if (!isTensor && count > batchSize) return applyToBatches(apply, cutBatches(all, batchSize))
  const x = isTensor ? all : toTensor(all)
  const outputs = apply(x as Tensor)
  await realize(outputs)
  if (x !== inputs) x.dispose()
  return outputs
}

/** Arrays are samples, every other iterable has batches of them. */
function isSamples(inputs: PredictionInputs): inputs is Samples {
  const isArray = Array.isArray(inputs) || ArrayBuffer.isView(inputs)
  return isArray || !isIterable(inputs)
}

async function* givenBatches(
  batches: Iterable<Samples> | AsyncIterable<Samples>,
): AsyncGenerator<InputBatch> {
  for await (const samples of batches) {
    const x = await batchTensor('predict', 'inputs', samples)
    yield { x, isOwn: x !== samples }
  }
}

function* cutBatches(all: HostArray, batchSize: number): Generator<InputBatch> {
  const [count = 0] = all.shape
  for (let begin = 0; begin < count; begin += batchSize) {
    const part = sliceSamples(all, begin, Math.min(begin + batchSize, count))
    yield { x: toTensor(part), isOwn: true }
  }
}

async function applyToBatches(
  apply: Apply,
  batches: Iterable<InputBatch> | AsyncIterable<InputBatch>,
): Promise<Tensor> {
  const inFlight = new StepsInFlight()
  const parts: HostArray[] = []
  for await (const { x, isOwn } of batches) {
    const outputs = apply(x as Tensor)
    await inFlight.push(outputs, async () => {
      parts.push(await readTensor(outputs))
      if (isOwn) x.dispose()
    })
  }
  await inFlight.drain()
  return joined(parts)
}

/** Parts [batch, …] as one tensor. */
function joined(parts: readonly HostArray[]): Tensor {
  const [first] = parts
  if (first === undefined) {
    throw new ShapeError('predict', { got: 'no inputs', wanted: 'at least one sample' })
  }
  const values = createTypedArray<DType>(
    first.dtype,
    total(parts, ({ data }) => data.length),
  )
  let offset = 0
  for (const { data } of parts) {
    values.set(data, offset)
    offset += data.length
  }
  const count = total(parts, ({ shape }) => shape[0] ?? 0)
  return tensor<DType>(values, {
    dtype: first.dtype,
    shape: [count, ...first.shape.slice(1)],
  }) as Tensor
}

function total(parts: readonly HostArray[], of: (part: HostArray) => number): number {
  return parts.reduce((sum, part) => sum + of(part), 0)
}
