import * as core from '@tensorweft/core'
import type { GoldenOp, GoldenOps } from '../golden-op.ts'

const unary = (op: (x: core.Tensor) => core.AnyTensor): GoldenOp => {
  return (call) => op(call.tensor('x'))
}

const binary = (op: (a: core.Tensor, b: core.Tensor) => core.AnyTensor): GoldenOp => {
  return (call) => op(call.tensor('a'), call.tensor('b'))
}

const logical = (
  op: (a: core.Tensor<'bool'>, b: core.Tensor<'bool'>) => core.AnyTensor,
): GoldenOp => {
  return (call) => op(call.tensor<'bool'>('a'), call.tensor<'bool'>('b'))
}

export const elementwiseOps: GoldenOps = {
  abs: unary(core.abs),
  exp: unary(core.exp),
  log: unary(core.log),
  neg: unary(core.neg),
  relu: unary(core.relu),
  sigmoid: unary(core.sigmoid),
  sqrt: unary(core.sqrt),
  square: unary(core.square),
  tanh: unary(core.tanh),
  logicalNot: (call) => core.logicalNot(call.tensor<'bool'>('x')),
  add: binary(core.add),
  sub: binary(core.sub),
  mul: binary(core.mul),
  div: binary(core.div),
  maximum: binary(core.maximum),
  minimum: binary(core.minimum),
  equal: binary(core.equal),
  notEqual: binary(core.notEqual),
  less: binary(core.less),
  lessEqual: binary(core.lessEqual),
  greater: binary(core.greater),
  greaterEqual: binary(core.greaterEqual),
  logicalAnd: logical(core.logicalAnd),
  logicalOr: logical(core.logicalOr),
  where: (call) => core.where(call.tensor<'bool'>('condition'), call.tensor('x'), call.tensor('y')),
}
