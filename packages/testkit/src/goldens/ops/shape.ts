import * as core from '@tensorweft/core'
import type { GoldenCall } from '../golden-call.ts'
import type { GoldenOps } from '../golden-op.ts'

export const shapeOps: GoldenOps = {
  reshape: (call) => core.reshape(call.tensor('x'), call.numbers('shape')),
  transpose: (call) => core.transpose(call.tensor('x'), call.numbersOrNull('perm') ?? undefined),
  slice: (call) => core.slice(call.tensor('x'), call.numbers('begin'), call.numbers('size')),
  stridedSlice: (call) =>
    core.stridedSlice(
      call.tensor('x'),
      call.bounds('begin'),
      call.bounds('end'),
      call.numbers('strides'),
    ),
  concat: (call) => core.concat(call.all, call.number('axis')),
  stack: (call) => core.stack(call.all, call.number('axis')),
  split: (call) =>
    core.split(
      call.tensor('x'),
      'sizes' in call.attributes ? call.numbers('sizes') : call.number('sections'),
      call.number('axis'),
    ),
  pad: (call) => core.pad(call.tensor('x'), call.pairs('paddings'), fillOf(call)),
  tile: (call) => core.tile(call.tensor('x'), call.numbers('reps')),
  roll: (call) => core.roll(call.tensor('x'), call.numbers('shifts'), call.numbers('axes')),
  tril: (call) => core.tril(call.tensor('x'), call.number('k')),
  triu: (call) => core.triu(call.tensor('x'), call.number('k')),
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

function fillOf(call: GoldenCall): number | core.PadMode {
  const mode = call.text('mode')
  return mode === 'reflect' || mode === 'edge' ? mode : call.number('value')
}
