import type { DType, Shape, Tensor, TensorData, TypedArray } from '@tensorweft/core'

/** A typed array with the shape [samples, …] of what it holds, row-major. */
export interface ShapedArray {
  readonly data: TypedArray
  readonly shape: Shape
  /** By default that of the array. */
  readonly dtype?: DType
}

/**
 * Samples along the first axis, [samples, …]: a tensor, nested arrays, a typed array [samples], or a
 * typed array with a shape.
 */
export type Samples = Tensor<DType> | TensorData | ShapedArray

/** Inputs and labels, sample by sample: all of them, or those of a batch. */
export interface Dataset {
  /** Inputs [samples, …]. */
  readonly x: Samples
  /** Labels [samples, …]. */
  readonly y: Samples
  /** How much the loss of each sample counts, [samples]; by default 1. */
  readonly sampleWeight?: Samples
}

export function isDataset(value: unknown): value is Dataset {
  return typeof value === 'object' && value !== null && 'x' in value && 'y' in value
}

/** What a data set is made of, in one form or another. */
export type Parts<T> = { readonly [Name in keyof Dataset]: T }

/** The parts after a function of each. */
export async function mapParts<A, B>(
  { x, y, sampleWeight }: Parts<A>,
  map: (part: A, name: string) => B | Promise<B>,
): Promise<Parts<B>> {
  return {
    x: await map(x, 'x'),
    y: await map(y, 'y'),
    ...(sampleWeight !== undefined && { sampleWeight: await map(sampleWeight, 'sampleWeight') }),
  }
}

/** Batches that come one after the other. */
export type Batches = Iterable<Dataset> | AsyncIterable<Dataset>

/** Makes the batches of an epoch, which counts from 1. */
export type BatchesOfEpoch = (epoch: number) => Batches | Promise<Batches>

/**
 * What to train on: everything at once, which is cut into batches and shuffled, or batches. An
 * iterable is gone through anew in each epoch; a function is asked for the batches of each epoch, and
 * is the form to choose for generators.
 */
export type TrainingData = Dataset | Batches | BatchesOfEpoch

/** What `predict` takes: inputs [samples, …], or batches of them. */
export type PredictionInputs = Samples | Iterable<Samples> | AsyncIterable<Samples>
