import * as core from '@tensorweft/core'
import type { GoldenCall } from '../golden-call.ts'
import type { GoldenOp, GoldenOps } from '../golden-op.ts'

const reduction = (
  op: (x: core.Tensor, axes: core.Axes, options: core.ReduceOptions) => core.AnyTensor,
): GoldenOp => {
  return (call) => op(call.tensor('x'), call.numbersOrNull('axes'), keepDims(call))
}

export const reductionOps: GoldenOps = {
  sum: reduction(core.sum),
  mean: reduction(core.mean),
  max: reduction(core.max),
  min: reduction(core.min),
  logSumExp: reduction(core.logSumExp),
  variance: (call) => core.variance(call.tensor('x'), ...spread(call)),
  std: (call) => core.std(call.tensor('x'), ...spread(call)),
  norm: (call) =>
    core.norm(call.tensor('x'), call.numbersOrNull('axes'), {
      ...keepDims(call),
      ord: call.number('ord'),
    }),
  any: (call) => core.any(call.tensor<'bool'>('x'), call.numbersOrNull('axes'), keepDims(call)),
  all: (call) => core.all(call.tensor<'bool'>('x'), call.numbersOrNull('axes'), keepDims(call)),
  argMax: (call) => core.argMax(call.tensor('x'), axisOf(call), keepDims(call)),
  argMin: (call) => core.argMin(call.tensor('x'), axisOf(call), keepDims(call)),
  softmax: (call) => core.softmax(call.tensor('x'), call.number('axis')),
  logSoftmax: (call) => core.logSoftmax(call.tensor('x'), call.number('axis')),
}

function keepDims(call: GoldenCall): core.ReduceOptions {
  return { keepDims: call.flag('keepDims') }
}

function spread(call: GoldenCall): [core.Axes, core.VarianceOptions] {
  return [call.numbersOrNull('axes'), { ...keepDims(call), correction: call.number('correction') }]
}

function axisOf(call: GoldenCall): number | null {
  return call.attributes.axis === null ? null : call.number('axis')
}
