import * as core from '@tensorweft/core'
import type { GoldenCall } from '../golden-call.ts'
import type { GoldenOp, GoldenOps } from '../golden-op.ts'

const reduction = (
  op: (x: core.Tensor, axes: core.Axes, options: core.ReduceOptions) => core.AnyTensor,
): GoldenOp => {
  return (call) =>
    op(call.tensor('x'), call.numbersOrNull('axes'), { keepDims: call.flag('keepDims') })
}

export const reductionOps: GoldenOps = {
  sum: reduction(core.sum),
  mean: reduction(core.mean),
  max: reduction(core.max),
  min: reduction(core.min),
  logSumExp: reduction(core.logSumExp),
  argMax: (call) => alongAxis(call, core.argMax),
  softmax: (call) => core.softmax(call.tensor('x'), call.number('axis')),
  logSoftmax: (call) => core.logSoftmax(call.tensor('x'), call.number('axis')),
}

/** Without an axis, over the flattened tensor. */
function alongAxis(
  call: GoldenCall,
  op: (x: core.Tensor, axis: number) => core.AnyTensor,
): core.AnyTensor {
  const x = call.tensor('x')
  const flat = call.attributes.axis === null
  const axis = flat ? 0 : call.number('axis')
  const positions = op(flat ? core.reshape(x, [-1]) : x, axis)
  return call.flag('keepDims') ? core.expandDims(positions, axis) : positions
}
