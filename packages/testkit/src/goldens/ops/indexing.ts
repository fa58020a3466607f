import * as core from '@tensorweft/core'
import type { GoldenCall } from '../golden-call.ts'
import type { GoldenOps } from '../golden-op.ts'

/** Ops that read or add at computed places, or walk an axis in order. */
export const indexingOps: GoldenOps = {
  gather: (call) => core.gather(call.tensor('x'), indicesOf(call), call.number('axis')),
  gatherND: (call) => core.gatherND(call.tensor('x'), indicesOf(call)),
  scatterAdd: (call) => {
    const [x, updates] = [call.tensor('x'), call.tensor('updates')]
    return core.scatterAdd(x, indicesOf(call), updates, call.number('axis'))
  },
  sort: (call) => core.sort(call.tensor('x'), call.number('axis'), orderOf(call)),
  argSort: (call) => core.argSort(call.tensor('x'), call.number('axis'), orderOf(call)),
  topK: (call) => {
    const { values, indices } = core.topK(call.tensor('x'), call.number('k'))
    return [values, indices]
  },
  cumSum: (call) => core.cumSum(call.tensor('x'), call.number('axis')),
  cumProd: (call) => core.cumProd(call.tensor('x'), call.number('axis')),
  prod: (call) =>
    core.prod(call.tensor('x'), call.numbersOrNull('axes'), { keepDims: call.flag('keepDims') }),
}

function indicesOf(call: GoldenCall): core.Tensor<'int32'> {
  return call.tensor<'int32'>('indices')
}

function orderOf(call: GoldenCall): core.SortOptions {
  return { descending: call.flag('descending') }
}
