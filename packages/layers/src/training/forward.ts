import type { CallContext, Layer, Tensor } from '@tensorweft/core'
import { type Labels, type Metric, meanOf } from '../metrics/metric.ts'
import type { StepInput } from './batch.ts'
import { type ClassWeight, weightsByClass } from './class-weight.ts'
import { batchLoss, type LossFunction } from './loss.ts'

/** What is computed of a batch, in training as in evaluation. */
export interface Objective<M extends string> {
  readonly model: Layer
  readonly loss: LossFunction
  readonly metrics: Readonly<Record<M, Metric>>
}

/** What a batch gave: scalars. */
export type Measures<M extends string> = Readonly<Record<'loss' | M, Tensor>>

/** Loss and metrics of a batch. */
export function measure<M extends string>(
  { model, loss, metrics }: Objective<M>,
  { x, y, sampleWeight }: StepInput,
  context: CallContext,
  classWeight?: ClassWeight,
): Measures<M> {
  // What dtype a model takes is up to its first layer.
  const predictions = model.apply(x as Tensor, context)
  const byClass = classWeight && weightsByClass(y, classWeight)
  const bySample = sampleWeight?.cast('float32')
  const weights = byClass && bySample ? byClass.mul(bySample) : (byClass ?? bySample)
  const labels = y as Labels
  const value = batchLoss(loss, predictions, labels, weights)
  const names = Object.keys(metrics) as M[]
  const others = names.map((name) => {
    return [name, meanOf(name, metrics[name](predictions, labels))] as const
  })
  return Object.fromEntries([['loss', value], ...others]) as Measures<M>
}
