import * as core from '@tensorweft/core'
import type { GoldenCall } from '../golden-call.ts'
import type { GoldenOps } from '../golden-op.ts'

export const normOps: GoldenOps = {
  batchNorm: (call) => {
    const training = call.flag('training')
    const { y, runningMean, runningVariance } = core.batchNorm(
      call.tensor('x'),
      call.tensor('gamma'),
      call.tensor('beta'),
      call.tensor('runningMean'),
      call.tensor('runningVariance'),
      { training, momentum: call.number('momentum'), epsilon: call.number('epsilon') },
    )
    return training ? [y, runningMean, runningVariance] : y
  },
  layerNorm: (call) =>
    core.layerNorm(call.tensor('x'), call.tensor('gamma'), call.tensor('beta'), axesOptions(call)),
  rmsNorm: (call) => core.rmsNorm(call.tensor('x'), call.tensor('gamma'), axesOptions(call)),
  groupNorm: (call) =>
    core.groupNorm(call.tensor('x'), call.tensor('gamma'), call.tensor('beta'), {
      groups: call.number('groups'),
      epsilon: call.number('epsilon'),
    }),
  instanceNorm: (call) =>
    core.instanceNorm(call.tensor('x'), call.tensor('gamma'), call.tensor('beta'), {
      epsilon: call.number('epsilon'),
    }),
}

function axesOptions(call: GoldenCall): core.LayerNormOptions {
  return { axes: call.numbers('axes'), epsilon: call.number('epsilon') }
}
