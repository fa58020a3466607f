import {
  type LossReduction,
  softmaxCrossEntropy,
  sparseSoftmaxCrossEntropy,
} from '@tensorweft/core'
import type { GoldenCall } from '../golden-call.ts'
import type { GoldenOps } from '../golden-op.ts'

export const lossOps: GoldenOps = {
  softmaxCrossEntropy: (call) =>
    softmaxCrossEntropy(call.tensor('logits'), call.tensor('labels'), lossOptions(call)),
  sparseSoftmaxCrossEntropy: (call) =>
    sparseSoftmaxCrossEntropy(
      call.tensor('logits'),
      call.tensor<'int32'>('labels'),
      lossOptions(call),
    ),
}

function lossOptions(call: GoldenCall): { reduction: LossReduction } {
  const reduction = call.text('reduction')
  if (reduction !== 'mean' && reduction !== 'sum' && reduction !== 'none') {
    throw new Error(`'${reduction}' is no reduction`)
  }
  return { reduction }
}
