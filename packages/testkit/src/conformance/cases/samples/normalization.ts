import { batchNorm, groupNorm, instanceNorm, layerNorm, type Tensor } from '@tensorweft/core'
import type { OpInput } from '../../check-op.ts'
import { type CallSample, sample, sampleCall } from './call-sample.ts'
import { of, within } from './inputs.ts'

const gamma = (...shape: number[]): OpInput => within(0.5, 2, ...shape)

/** x, gamma, beta, mean and variance; what is differentiated is one of the results. */
const batchInputs = (shape: readonly number[], channels: number): OpInput[] => [
  of(...shape),
  gamma(channels),
  of(channels),
  of(channels),
  within(0.5, 2, channels),
]

type BatchInputs = readonly [Tensor, Tensor, Tensor, Tensor, Tensor]
const training = { training: true, momentum: 0.7 }

const batchNorms: readonly CallSample[] = [
  ...[
    [4, 3],
    [2, 3, 2, 3],
  ].flatMap((shape) => [
    sampleCall('batchNorm', batchInputs(shape, 3), (...xs: BatchInputs) => batchNorm(...xs).y),
    sampleCall('batchNorm', batchInputs(shape, 3), (...xs: BatchInputs) => {
      return batchNorm(...xs, training).y
    }),
    sampleCall('batchNorm', batchInputs(shape, 3), (...xs: BatchInputs) => {
      const { runningMean, runningVariance } = batchNorm(...xs, training)
      return runningMean.mul(runningVariance)
    }),
  ]),
  sampleCall(
    'batchNorm',
    [of(5, 2), of(2), within(0.5, 2, 2)],
    (x: Tensor, mean: Tensor, variance: Tensor) =>
      batchNorm(x, undefined, undefined, mean, variance, { epsilon: 0.1 }).y,
  ),
]

export const normalizationSamples: readonly CallSample[] = [
  ...batchNorms,
  sample('glu', [of(3, 4)]),
  sample('glu', [of(4, 3)], 0),
  sample('sparsemax', [of(3, 7)]),
  sample('sparsemax', [of(7, 3)], 0),
  sample('layerNorm', [of(3, 7)]),
  sample('layerNorm', [of(2, 3, 4), gamma(4), of(4)]),
  sample('layerNorm', [of(2, 3, 4), gamma(3, 4), of(3, 4)], { axes: [1, 2], epsilon: 0.01 }),
  sampleCall('layerNorm', [of(3, 5), of(5)], (x: Tensor, beta: Tensor) =>
    layerNorm(x, undefined, beta),
  ),
  sample('rmsNorm', [of(3, 7)]),
  sample('rmsNorm', [of(2, 3, 4), gamma(4)]),
  sample('rmsNorm', [of(2, 3, 4), gamma(3, 4)], { axes: [1, 2], epsilon: 0.01 }),
  sample('groupNorm', [of(2, 3, 4), gamma(4), of(4)], { groups: 2 }),
  sample('groupNorm', [of(2, 2, 3, 6), gamma(6), of(6)], { groups: 3 }),
  sampleCall('groupNorm', [of(3, 4)], (x: Tensor) =>
    groupNorm(x, undefined, undefined, { groups: 1, epsilon: 0.01 }),
  ),
  sample('instanceNorm', [of(2, 5, 3), gamma(3), of(3)]),
  sample('instanceNorm', [of(2, 3, 2, 2), gamma(2), of(2)], { epsilon: 0.01 }),
  sampleCall('instanceNorm', [of(1, 5, 2)], (x: Tensor) => instanceNorm(x)),
]
