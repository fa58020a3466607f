import './methods.ts'

export { customGradient, type ValueWithGradient } from './autodiff/custom-gradient.ts'
export { gradients } from './autodiff/gradients.ts'
export { recompute } from './autodiff/recompute.ts'
export { grad, valueAndGrad } from './autodiff/transforms.ts'
export type { Backend, BufferHandle, BufferView, Capabilities, Executable } from './backend.ts'
export { arange } from './creation/arange.ts'
export { eye } from './creation/eye.ts'
export { linspace } from './creation/linspace.ts'
export { type DTypeOfData, type TensorData, type TensorOptions, tensor } from './creation/tensor.ts'
export { customFunction, wrongLanguage } from './custom-kernels/custom-function.ts'
export type {
  CallWithData,
  EmittedKernel,
  FunctionKernel,
  HandWrittenKernel,
  KernelArray,
} from './custom-kernels/hand-written-kernel.ts'
export { registerKernel, unregisterKernel } from './custom-kernels/register-kernel.ts'
export * from './dtype.ts'
export * from './errors.ts'
export {
  type BackendFactory,
  backendToUse,
  currentBackend,
  registerBackend,
  registeredBackends,
  setBackend,
  setDefaultBackend,
  withBackend,
} from './execution/current-backend.ts'
export { realize } from './execution/realize.ts'
export * from './float16.ts'
export { attributeText } from './graph/attribute-text.ts'
export type { BufferContent, HeldBuffer } from './graph/storage.ts'
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
  type ScanForm,
  type ScatterForm,
  type SortForm,
  Tensor,
  type TensorSpec,
  type WalkForm,
  type WalkLowering,
} from './graph/tensor.ts'
export type { Index } from './index-algebra/expression.ts'
export type { IndexSpace, Range } from './index-algebra/index.ts'
export * from './ir/combiner.ts'
export * from './ir/instruction.ts'
export * from './ir/kernel.ts'
export * from './ir/map-indices.ts'
export * from './ir/plan.ts'
export { printPlan } from './ir/print.ts'
export * from './ir/program.ts'
export { type ChunkCount, type SplitPolicy, splitReductions } from './ir/split-reductions.ts'
export * from './layer/layer.ts'
export type { Optimizer } from './layer/optimizer.ts'
export * from './layer/options.ts'
export { abs } from './ops/abs.ts'
export { add } from './ops/add.ts'
export { all, any } from './ops/any.ts'
export { argMax, argMin } from './ops/arg-max.ts'
export { atan2 } from './ops/atan2.ts'
export { type BatchNormOptions, type BatchNormResult, batchNorm } from './ops/batch-norm.ts'
export { cast } from './ops/cast.ts'
export { clip } from './ops/clip.ts'
export { equal, greater, greaterEqual, less, lessEqual, notEqual } from './ops/compare.ts'
export { concat } from './ops/concat.ts'
export { type ConvOptions, conv1d, conv2d, conv3d } from './ops/conv.ts'
export {
  type ConvTransposeOptions,
  convTranspose1d,
  convTranspose2d,
} from './ops/conv-transpose.ts'
export { cosineSimilarity } from './ops/cosine-similarity.ts'
export {
  type CrossEntropyOptions,
  softmaxCrossEntropy,
  sparseSoftmaxCrossEntropy,
} from './ops/cross-entropy.ts'
export { type CumulativeOptions, cumProd, cumSum, type NumberDType } from './ops/cumulative.ts'
export { defineComposite } from './ops/define-composite.ts'
export type { BinaryOp, UnaryOp } from './ops/define-elementwise.ts'
export {
  type AnyTensor,
  defineOp,
  type Op,
  type OpDefinition,
} from './ops/define-op.ts'
export { depthwiseConv2d } from './ops/depthwise-conv.ts'
export { div } from './ops/div.ts'
export { einsum } from './ops/einsum.ts'
export { type EluOptions, elu, selu } from './ops/elu.ts'
export { erf, erfc } from './ops/erf.ts'
export { erfInv } from './ops/erf-inv.ts'
export { exp } from './ops/exp.ts'
export { expm1 } from './ops/expm1.ts'
export { maximum, minimum } from './ops/extremum.ts'
export { isFinite, isInfinite, isNan } from './ops/finite.ts'
export { flip } from './ops/flip.ts'
export { full, ones, onesLike, zeros, zerosLike } from './ops/full.ts'
export { gather, scatterAdd, takeAlongAxis } from './ops/gather.ts'
export { gatherND } from './ops/gather-nd.ts'
export { type GaussianNllOptions, gaussianNll } from './ops/gaussian-nll.ts'
export { type GeluOptions, gelu } from './ops/gelu.ts'
export { glu } from './ops/glu.ts'
export { type GroupNormOptions, groupNorm } from './ops/group-norm.ts'
export { hinge } from './ops/hinge.ts'
export { type HuberOptions, huber } from './ops/huber.ts'
export { cosh, sinh } from './ops/hyperbolic.ts'
export { identity } from './ops/identity.ts'
export { indices } from './ops/indices.ts'
export { instanceNorm } from './ops/instance-norm.ts'
export { acosh, asinh, atanh } from './ops/inverse-hyperbolic.ts'
export { acos, asin, atan } from './ops/inverse-trigonometry.ts'
export { klDivergence } from './ops/kl-divergence.ts'
export { type LayerNormOptions, layerNorm } from './ops/layer-norm.ts'
export { type LeakyReluOptions, leakyRelu } from './ops/leaky-relu.ts'
export { log } from './ops/log.ts'
export { logCosh } from './ops/log-cosh.ts'
export { logSumExp } from './ops/log-sum-exp.ts'
export { log1p } from './ops/log1p.ts'
export { logicalAnd, logicalNot, logicalOr, logicalXor } from './ops/logical.ts'
export type { Loss, LossOptions, LossReduction } from './ops/loss.ts'
export { matmul } from './ops/matmul.ts'
export { max, min } from './ops/max.ts'
export { mean } from './ops/mean.ts'
export { meanAbsoluteError } from './ops/mean-absolute-error.ts'
export { meanSquaredError } from './ops/mean-squared-error.ts'
export { mish } from './ops/mish.ts'
export { floorDiv, mod } from './ops/mod.ts'
export type { NormOptions } from './ops/moments.ts'
export { mul } from './ops/mul.ts'
export { neg } from './ops/neg.ts'
export { norm, type VectorNormOptions } from './ops/norm.ts'
export { oneHot } from './ops/one-hot.ts'
export { dot, outer } from './ops/outer.ts'
export { type PadMode, pad } from './ops/pad.ts'
export { poisson } from './ops/poisson.ts'
export {
  type AvgPoolOptions,
  avgPool1d,
  avgPool2d,
  globalAvgPool2d,
  maxPool1d,
  maxPool2d,
  type PoolOptions,
} from './ops/pool.ts'
export { pow } from './ops/pow.ts'
export { prod } from './ops/prod.ts'
export { reciprocal } from './ops/reciprocal.ts'
export { relu } from './ops/relu.ts'
export { hardSigmoid, hardSwish, relu6 } from './ops/relu6.ts'
export { expandDims, reshape, squeeze } from './ops/reshape.ts'
export { type ResizeOptions, resizeBilinear, resizeNearest } from './ops/resize.ts'
export { rmsNorm } from './ops/rms-norm.ts'
export { roll } from './ops/roll.ts'
export { ceil, floor, round } from './ops/rounding.ts'
export { rsqrt } from './ops/rsqrt.ts'
export { shiftLeft, shiftRight } from './ops/shift.ts'
export { sigmoid } from './ops/sigmoid.ts'
export { sigmoidCrossEntropy } from './ops/sigmoid-cross-entropy.ts'
export { sign } from './ops/sign.ts'
export { silu } from './ops/silu.ts'
export { type Padding, slice } from './ops/slice.ts'
export { logSoftmax, softmax } from './ops/softmax.ts'
export { logSigmoid, softplus } from './ops/softplus.ts'
export { softsign } from './ops/softsign.ts'
export { argSort, type SortOptions, sort, topK } from './ops/sort.ts'
export { sparsemax } from './ops/sparsemax.ts'
export { split } from './ops/split.ts'
export { sqrt } from './ops/sqrt.ts'
export { square } from './ops/square.ts'
export { squaredDifference } from './ops/squared-difference.ts'
export { stack } from './ops/stack.ts'
export { stopGradient } from './ops/stop-gradient.ts'
export { type Bound, stridedSlice } from './ops/strided-slice.ts'
export { sub } from './ops/sub.ts'
export { broadcastTo, sum } from './ops/sum.ts'
export { tanh } from './ops/tanh.ts'
export { tile } from './ops/tile.ts'
export { transpose } from './ops/transpose.ts'
export { tril, triu } from './ops/triangle.ts'
export { cos, sin, tan } from './ops/trigonometry.ts'
export { type TripletMarginOptions, tripletMargin } from './ops/triplet-margin.ts'
export { std, type VarianceOptions, variance } from './ops/variance.ts'
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
export {
  type CallArguments,
  type CompiledFunction,
  compile,
  type WithoutNumbers,
} from './runtime/compile.ts'
export { type DebugOptions, type DebugReset, debug } from './runtime/debug.ts'
export { explain } from './runtime/explain.ts'
export { type BackendMemory, type MemoryReport, memory } from './runtime/memory.ts'
export { Parameter, type ParameterOptions } from './runtime/parameter.ts'
export { type KernelProfile, profile } from './runtime/profile.ts'
export { tidy } from './runtime/tidy.ts'
export type { ScalarBuilder } from './scalar/builder.ts'
export type { Scalar } from './scalar/scalar.ts'
export { contractionAsLoops } from './schedule/contraction-as-loops.ts'
export * from './shape.ts'
export { isPlainObject, leavesOf, mapTree, type TensorsLike, type Tree } from './tree.ts'
