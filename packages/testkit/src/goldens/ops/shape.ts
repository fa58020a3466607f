import * as core from '@tensorweft/core'
import type { GoldenOps } from '../golden-op.ts'

export const shapeOps: GoldenOps = {
  reshape: (call) => core.reshape(call.tensor('x'), call.numbers('shape')),
  transpose: (call) => core.transpose(call.tensor('x'), call.numbersOrNull('perm') ?? undefined),
  slice: (call) => core.slice(call.tensor('x'), call.numbers('begin'), call.numbers('size')),
  pad: (call) => core.pad(call.tensor('x'), call.pairs('paddings'), call.number('value')),
  flip: (call) => core.flip(call.tensor('x'), call.numbersOrNull('axes')),
  expandDims: (call) => core.expandDims(call.tensor('x'), call.number('axis')),
  squeeze: (call) => core.squeeze(call.tensor('x'), call.numbersOrNull('axes')),
  broadcastTo: (call) => core.broadcastTo(call.tensor('x'), call.numbers('shape')),
  oneHot: (call) => {
    const [onValue, offValue] = [call.number('onValue'), call.number('offValue')]
    const chosen = core.oneHot(call.tensor<'int32'>('indices'), call.number('depth'))
    return chosen.mul(onValue - offValue).add(offValue)
  },
}
