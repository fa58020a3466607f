import {
  hinge,
  klDivergence,
  type LossOptions,
  poisson,
  sigmoidCrossEntropy,
  softmaxCrossEntropy,
  type Tensor,
} from '@tensorweft/core'
import type { OpInput } from '../../check-op.ts'
import { type CallSample, type CoreFunction, sample, sampleCall } from './call-sample.ts'
import { of, positions, within } from './inputs.ts'

const reductions = ['mean', 'sum', 'none'] as const

/** The inputs with each way of reducing the losses. */
function reduced(
  op: CoreFunction,
  inputs: readonly OpInput[],
  options: { readonly [name: string]: number | boolean } = {},
): CallSample[] {
  return reductions.map((reduction) => sample(op, inputs, { reduction, ...options }))
}

type Loss = (predictions: Tensor, targets: Tensor, options: LossOptions) => Tensor

/** Of targets that are not differentiated: integers times `unit`, with each way of reducing. */
function ofTargets(
  op: CoreFunction,
  loss: Loss,
  [predictions, targets]: readonly [OpInput, OpInput],
  unit = 1,
): CallSample[] {
  return reductions.map((reduction) =>
    sampleCall(op, [predictions, targets], (x: Tensor, levels: Tensor<'int32'>) =>
      loss(x, levels.cast(x.dtype).mul(unit), { reduction }),
    ),
  )
}

/** Far enough apart for the sign of the difference to stay. */
const apart = (...shape: number[]): OpInput[] => [
  within(0.2, 2, ...shape),
  within(-2, -0.2, ...shape),
]
const tenths = (...shape: number[]): OpInput => ({ shape, dtype: 'int32', range: [1, 9] })
const integer = (value: number, ...shape: number[]): OpInput => ({
  shape,
  dtype: 'int32',
  range: [value, value],
})

const entropies: readonly CallSample[] = [
  ...ofTargets('softmaxCrossEntropy', softmaxCrossEntropy, [of(3, 5), tenths(3, 5)], 0.1),
  ...ofTargets('softmaxCrossEntropy', softmaxCrossEntropy, [of(7), tenths(7)], 0.1),
  ...ofTargets(
    'softmaxCrossEntropy',
    (x, labels, options) => softmaxCrossEntropy(x, labels, { ...options, labelSmoothing: 0.1 }),
    [of(2, 2, 3), tenths(2, 2, 3)],
    0.1,
  ),
  ...reduced('sparseSoftmaxCrossEntropy', [of(3, 5), positions(5, 3)]),
  sample('sparseSoftmaxCrossEntropy', [of(2, 2, 3), positions(3, 2, 2)], { labelSmoothing: 0.2 }),
  sample('sparseSoftmaxCrossEntropy', [of(7), positions(7)]),
  ...ofTargets('sigmoidCrossEntropy', sigmoidCrossEntropy, [of(3, 4), tenths(3, 4)], 0.1),
  ...ofTargets(
    'sigmoidCrossEntropy',
    (x, labels, options) => sigmoidCrossEntropy(x, labels, { ...options, labelSmoothing: 0.1 }),
    [of(7), tenths(7)],
    0.1,
  ),
  ...ofTargets('klDivergence', klDivergence, [within(0.3, 0.9, 3, 4), tenths(3, 4)], 0.1),
]

const regressions: readonly CallSample[] = [
  ...reduced('meanSquaredError', [of(3, 4), of(3, 4)]),
  sample('meanSquaredError', [of(), of()]),
  sample('meanSquaredError', [of(0, 3), of(0, 3)], { reduction: 'sum' }),
  ...reduced('meanAbsoluteError', apart(3, 4)),
  sample('meanAbsoluteError', apart(7).toReversed()),
  ...reduced('huber', [within(0.2, 0.5, 3, 4), within(-0.3, 0.1, 3, 4)]),
  ...reduced('huber', [within(1, 2, 3, 4), within(-2, -0.3, 3, 4)]),
  sample('huber', apart(7), { delta: 0.3 }),
  ...reduced('logCosh', [of(3, 4), of(3, 4)]),
  ...ofTargets('poisson', poisson, [within(0.5, 3, 3, 4), tenths(3, 4)]),
  ...reduced('gaussianNll', [of(3, 4), within(0.7, 3, 3, 4), of(3, 4)]),
  sample('gaussianNll', [of(7), within(0.7, 3, 7), of(7)], { full: true }),
]

export const lossSamples: readonly CallSample[] = [
  ...entropies,
  ...regressions,
  ...reduced('cosineSimilarity', [within(0.3, 2, 3, 4), of(3, 4)]),
  sample('cosineSimilarity', [of(5), within(0.3, 2, 5)]),
  // 1 − target · prediction is on both sides of its kink.
  ...ofTargets('hinge', hinge, [within(-2, 4, 3, 4), integer(1, 3, 4)]),
  ...ofTargets('hinge', hinge, [within(-2, 0, 8), integer(-1, 8)]),
  ...reduced('tripletMargin', [of(3, 4), of(3, 4), of(3, 4)], { margin: 9 }),
  sample('tripletMargin', [of(5), within(2.1, 3, 5), of(5)], { margin: 9 }),
]
