import './methods.ts'

export { gradients } from './autodiff/gradients.ts'
export { grad, valueAndGrad } from './autodiff/transforms.ts'
export type { Backend, BufferHandle, BufferView, Capabilities, Executable } from './backend.ts'
export { type TensorData, type TensorOptions, tensor } from './creation/tensor.ts'
export * from './dtype.ts'
export * from './errors.ts'
export {
  currentBackend,
  registerBackend,
  registeredBackends,
  setBackend,
  withBackend,
} from './execution/current-backend.ts'
export { realize } from './execution/realize.ts'
export {
  type Attribute,
  type Attributes,
  type Axes,
  type GradientContext,
  type LoweredInput,
  type Lowering,
  type NestedArray,
  type Operand as TensorOperand,
  type Primitive,
  type ReduceOptions,
  Tensor,
  type TensorSpec,
} from './graph/tensor.ts'
export * from './ir/combiner.ts'
export * from './ir/instruction.ts'
export * from './ir/kernel.ts'
export * from './ir/plan.ts'
export { printPlan } from './ir/print.ts'
export * from './ir/program.ts'
export * from './layer/layer.ts'
export type { Optimizer } from './layer/optimizer.ts'
export { abs } from './ops/abs.ts'
export { add } from './ops/add.ts'
export { argMax } from './ops/arg-max.ts'
export { cast } from './ops/cast.ts'
export { equal, greater, greaterEqual, less, lessEqual, notEqual } from './ops/compare.ts'
export { type ConvOptions, conv1d, conv2d, conv3d } from './ops/conv.ts'
export {
  type LossOptions,
  type LossReduction,
  softmaxCrossEntropy,
  sparseSoftmaxCrossEntropy,
} from './ops/cross-entropy.ts'
export { defineComposite } from './ops/define-composite.ts'
export {
  type AnyTensor,
  defineOp,
  type Op,
  type OpDefinition,
  type Sample,
  type SampleInput,
} from './ops/define-op.ts'
export { div } from './ops/div.ts'
export { erfInv } from './ops/erf-inv.ts'
export { exp } from './ops/exp.ts'
export { maximum, minimum } from './ops/extremum.ts'
export { flip } from './ops/flip.ts'
export { full, ones, onesLike, zeros, zerosLike } from './ops/full.ts'
export { identity } from './ops/identity.ts'
export { indices } from './ops/indices.ts'
export { log } from './ops/log.ts'
export { logSumExp } from './ops/log-sum-exp.ts'
export { logicalAnd, logicalNot, logicalOr } from './ops/logical.ts'
export { matmul } from './ops/matmul.ts'
export { max, min } from './ops/max.ts'
export { mean } from './ops/mean.ts'
export { mul } from './ops/mul.ts'
export { neg } from './ops/neg.ts'
export { oneHot } from './ops/one-hot.ts'
export {
  type AvgPoolOptions,
  avgPool1d,
  avgPool2d,
  globalAvgPool2d,
  maxPool1d,
  maxPool2d,
  type PoolOptions,
} from './ops/pool.ts'
export { relu } from './ops/relu.ts'
export { expandDims, reshape, squeeze } from './ops/reshape.ts'
export { shiftLeft, shiftRight } from './ops/shift.ts'
export { sigmoid } from './ops/sigmoid.ts'
export { type Padding, pad, slice } from './ops/slice.ts'
export { logSoftmax, softmax } from './ops/softmax.ts'
export { sqrt } from './ops/sqrt.ts'
export { square } from './ops/square.ts'
export { stopGradient } from './ops/stop-gradient.ts'
export { sub } from './ops/sub.ts'
export { broadcastTo, sum } from './ops/sum.ts'
export { tanh } from './ops/tanh.ts'
export { transpose } from './ops/transpose.ts'
export { where } from './ops/where.ts'
export type { WindowOptions, WindowPadding } from './ops/window.ts'
export {
  type NormalOptions,
  randomNormal,
  randomUniform,
  truncatedNormal,
  type UniformOptions,
} from './random/distributions.ts'
export { type Key, key, randomBits, splitKey } from './random/key.ts'
export { type CallArguments, type CompiledFunction, compile } from './runtime/compile.ts'
export { explain } from './runtime/explain.ts'
export { Parameter, type ParameterOptions } from './runtime/parameter.ts'
export { type KernelProfile, profile } from './runtime/profile.ts'
export * from './shape.ts'
export { leavesOf, type MapTree, mapTree, type Tree } from './tree.ts'
