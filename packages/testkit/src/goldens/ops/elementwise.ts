import * as core from '@tensorweft/core'
import type { GoldenOp, GoldenOps } from '../golden-op.ts'

const unary = (op: (x: core.Tensor) => core.AnyTensor): GoldenOp => {
  return (call) => op(call.tensor('x'))
}

const unaryWithAlpha = (
  op: (x: core.Tensor, options: { alpha: number }) => core.AnyTensor,
): GoldenOp => {
  return (call) => op(call.tensor('x'), { alpha: call.number('alpha') })
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
  log1p: unary(core.log1p),
  expm1: unary(core.expm1),
  rsqrt: unary(core.rsqrt),
  sign: unary(core.sign),
  floor: unary(core.floor),
  ceil: unary(core.ceil),
  round: unary(core.round),
  sin: unary(core.sin),
  cos: unary(core.cos),
  tan: unary(core.tan),
  asin: unary(core.asin),
  acos: unary(core.acos),
  atan: unary(core.atan),
  sinh: unary(core.sinh),
  cosh: unary(core.cosh),
  asinh: unary(core.asinh),
  acosh: unary(core.acosh),
  atanh: unary(core.atanh),
  erf: unary(core.erf),
  erfc: unary(core.erfc),
  reciprocal: unary(core.reciprocal),
  logSigmoid: unary(core.logSigmoid),
  softplus: unary(core.softplus),
  relu6: unary(core.relu6),
  selu: unary(core.selu),
  silu: unary(core.silu),
  mish: unary(core.mish),
  hardSigmoid: unary(core.hardSigmoid),
  hardSwish: unary(core.hardSwish),
  softsign: unary(core.softsign),
  isNan: unary(core.isNan),
  isFinite: unary(core.isFinite),
  leakyRelu: unaryWithAlpha(core.leakyRelu),
  elu: unaryWithAlpha(core.elu),
  gelu: (call) =>
    core.gelu(call.tensor('x'), {
      approximate: call.text('approximate') === 'tanh' ? 'tanh' : 'none',
    }),
  clip: (call) => core.clip(call.tensor('x'), call.numberOrNull('min'), call.numberOrNull('max')),
  logicalNot: (call) => core.logicalNot(call.tensor<'bool'>('x')),
  add: binary(core.add),
  sub: binary(core.sub),
  mul: binary(core.mul),
  div: binary(core.div),
  maximum: binary(core.maximum),
  minimum: binary(core.minimum),
  pow: binary(core.pow),
  atan2: binary(core.atan2),
  squaredDifference: binary(core.squaredDifference),
  mod: binary(core.mod),
  floorDiv: binary(core.floorDiv),
  equal: binary(core.equal),
  notEqual: binary(core.notEqual),
  less: binary(core.less),
  lessEqual: binary(core.lessEqual),
  greater: binary(core.greater),
  greaterEqual: binary(core.greaterEqual),
  logicalAnd: logical(core.logicalAnd),
  logicalOr: logical(core.logicalOr),
  logicalXor: logical(core.logicalXor),
  where: (call) =>
    core.where(call.tensor<'bool'>('condition'), call.tensor<core.DType>('x'), call.tensor('y')),
}
