import * as core from '@tensorweft/core'
import type { GoldenCall } from '../golden-call.ts'
import type { GoldenOp, GoldenOps } from '../golden-op.ts'

/** A loss of predictions and targets. */
const pairwise = (
  op: (predictions: core.Tensor, targets: core.Tensor, options: core.LossOptions) => core.AnyTensor,
): GoldenOp => {
  return (call) => op(call.tensor('predictions'), call.tensor('targets'), lossOptions(call))
}

export const lossOps: GoldenOps = {
  softmaxCrossEntropy: (call) =>
    core.softmaxCrossEntropy(call.tensor('logits'), call.tensor('labels'), {
      ...lossOptions(call),
      labelSmoothing: call.number('labelSmoothing'),
    }),
  sparseSoftmaxCrossEntropy: (call) =>
    core.sparseSoftmaxCrossEntropy(
      call.tensor('logits'),
      call.tensor<'int32'>('labels'),
      lossOptions(call),
    ),
  sigmoidCrossEntropy: (call) =>
    core.sigmoidCrossEntropy(call.tensor('logits'), call.tensor('labels'), {
      ...lossOptions(call),
      labelSmoothing: call.number('labelSmoothing'),
    }),
  klDivergence: pairwise(core.klDivergence),
  cosineSimilarity: pairwise(core.cosineSimilarity),
  meanSquaredError: pairwise(core.meanSquaredError),
  meanAbsoluteError: pairwise(core.meanAbsoluteError),
  hinge: pairwise(core.hinge),
  poisson: pairwise(core.poisson),
  logCosh: pairwise(core.logCosh),
  huber: (call) =>
    core.huber(call.tensor('predictions'), call.tensor('targets'), {
      ...lossOptions(call),
      delta: call.number('delta'),
    }),
  tripletMargin: (call) =>
    core.tripletMargin(call.tensor('anchor'), call.tensor('positive'), call.tensor('negative'), {
      ...lossOptions(call),
      margin: call.number('margin'),
    }),
  gaussianNll: (call) =>
    core.gaussianNll(call.tensor('mean'), call.tensor('variance'), call.tensor('targets'), {
      ...lossOptions(call),
      full: call.flag('full'),
    }),
}

function lossOptions(call: GoldenCall): { reduction: core.LossReduction } {
  const reduction = call.text('reduction')
  if (reduction !== 'mean' && reduction !== 'sum' && reduction !== 'none') {
    throw new Error(`'${reduction}' is no reduction`)
  }
  return { reduction }
}
