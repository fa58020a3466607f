import * as core from '@tensorweft/core'
import type { Argument } from './program.ts'

type Build = (tensors: readonly core.AnyTensor[], args: readonly Argument[]) => core.AnyTensor

/** Functions of core that random graphs are made of, by their names. */
export const graphOps = {
  neg: unary(core.neg),
  abs: unary(core.abs),
  relu: unary(core.relu),
  sigmoid: unary(core.sigmoid),
  tanh: unary(core.tanh),
  exp: unary(core.exp),
  log: unary(core.log),
  sqrt: unary(core.sqrt),
  square: unary(core.square),
  erfInv: unary(core.erfInv),
  identity: unary(core.identity),
  stopGradient: unary(core.stopGradient),
  logicalNot: ([x]) => core.logicalNot(given(x)),
  cast: ([x], [dtype]) => core.cast(given(x), dtypeOf(dtype)),
  add: binary(core.add),
  sub: binary(core.sub),
  mul: binary(core.mul),
  div: ([a, b]) => core.div(given(a), given(b)),
  maximum: binary(core.maximum),
  minimum: binary(core.minimum),
  equal: binary(core.equal),
  notEqual: binary(core.notEqual),
  less: binary(core.less),
  lessEqual: binary(core.lessEqual),
  greater: binary(core.greater),
  greaterEqual: binary(core.greaterEqual),
  logicalAnd: binary(core.logicalAnd),
  logicalOr: binary(core.logicalOr),
  shiftLeft: binary(core.shiftLeft),
  shiftRight: binary(core.shiftRight),
  where: ([condition, x, y]) => core.where(boolOf(given(condition)), given(x), given(y)),
  addNumber: ([x], [value]) => core.add(given(x), Number(value)),
  mulNumber: ([x], [value]) => core.mul(given(x), Number(value)),
  reshape: ([x], [shape]) => core.reshape(given(x), numbersOf(shape)),
  transpose: ([x], [permutation]) => core.transpose(given(x), numbersOf(permutation)),
  flip: ([x], [axes]) => core.flip(given(x), numbersOf(axes)),
  slice: ([x], [begin, size]) => core.slice(given(x), numbersOf(begin), numbersOf(size)),
  pad: ([x], [paddings, value]) => core.pad(given(x), paddingsOf(paddings), Number(value)),
  broadcastTo: ([x], [shape]) => core.broadcastTo(given(x), numbersOf(shape)),
  expandDims: ([x], [axis]) => core.expandDims(given(x), Number(axis)),
  squeeze: ([x]) => core.squeeze(given(x)),
  sum: reduction((x, axes, options) => core.sum(x, axes, options)),
  mean: reduction((x, axes, options) => core.mean(x, axes, options)),
  max: reduction((x, axes, options) => core.max(x, axes, options)),
  min: reduction((x, axes, options) => core.min(x, axes, options)),
  logSumExp: reduction((x, axes, options) => core.logSumExp(floatOf(x), axes, options)),
  argMax: ([x], [axis]) => core.argMax(given(x), Number(axis)),
  softmax: ([x], [axis]) => core.softmax(floatOf(given(x)), Number(axis)),
  logSoftmax: ([x], [axis]) => core.logSoftmax(floatOf(given(x)), Number(axis)),
  matmul: ([a, b]) => core.matmul(given(a), given(b)),
  conv1d: ([x, f], [options]) =>
    core.conv1d(floatOf(given(x)), floatOf(given(f)), windowOf(options)),
  conv2d: ([x, f], [options]) =>
    core.conv2d(floatOf(given(x)), floatOf(given(f)), windowOf(options)),
  conv3d: ([x, f], [options]) =>
    core.conv3d(floatOf(given(x)), floatOf(given(f)), windowOf(options)),
  maxPool1d: ([x], [options]) => core.maxPool1d(floatOf(given(x)), windowOf(options)),
  avgPool1d: ([x], [options]) => core.avgPool1d(floatOf(given(x)), windowOf(options)),
  maxPool2d: ([x], [options]) => core.maxPool2d(floatOf(given(x)), windowOf(options)),
  avgPool2d: ([x], [options]) => core.avgPool2d(floatOf(given(x)), windowOf(options)),
  oneHot: ([labels], [depth]) => core.oneHot(int32Of(given(labels)), Number(depth)),
  indices: (_, [shape, axis]) => core.indices(numbersOf(shape), Number(axis)),
  full: (_, [shape, value, dtype]) => core.full(numbersOf(shape), Number(value), dtypeOf(dtype)),
} satisfies Record<string, Build>

export type GraphOp = keyof typeof graphOps

/** Applies the op named `op`. */
export function applyGraphOp(
  op: GraphOp,
  tensors: readonly core.AnyTensor[],
  args: readonly Argument[],
): core.AnyTensor {
  const build: Build = graphOps[op]
  return build(tensors, args)
}

function unary(fn: (x: core.AnyTensor) => core.AnyTensor): Build {
  return ([x]) => fn(given(x))
}

function binary(fn: (a: core.AnyTensor, b: core.AnyTensor) => core.AnyTensor): Build {
  return ([a, b]) => fn(given(a), given(b))
}

function reduction(
  fn: (x: core.AnyTensor, axes: number[], options: core.ReduceOptions) => core.AnyTensor,
): Build {
  return ([x], [axes, options]) => fn(given(x), numbersOf(axes), keepDimsOf(options))
}

function given(tensor: core.AnyTensor | undefined): core.AnyTensor {
  if (tensor === undefined) throw new Error('an op of a graph lacks an input')
  return tensor
}

function numbersOf(arg: Argument | undefined): number[] {
  return Array.isArray(arg) ? arg.map(Number) : []
}

function paddingsOf(arg: Argument | undefined): core.Padding[] {
  if (!Array.isArray(arg)) return []
  return arg.map((pair: Argument) => {
    const [before = 0, after = 0] = numbersOf(pair)
    return [before, after]
  })
}

function keepDimsOf(arg: Argument | undefined): core.ReduceOptions {
  return { keepDims: typeof arg === 'object' && arg !== null && 'keepDims' in arg }
}

/** Options of convolutions and pooling; each op takes those that it knows. */
function windowOf(arg: Argument | undefined): core.ConvOptions & core.PoolOptions {
  if (typeof arg !== 'object' || arg === null || isList(arg)) return {}
  const { strides, dilations, padding, groups, poolSize } = arg
  const isNamed = padding === 'same' || padding === 'valid'
  return {
    ...(strides === undefined ? {} : { strides: numbersOf(strides) }),
    ...(dilations === undefined ? {} : { dilations: numbersOf(dilations) }),
    ...(padding === undefined ? {} : { padding: isNamed ? padding : paddingsOf(padding) }),
    ...(groups === undefined ? {} : { groups: Number(groups) }),
    ...(poolSize === undefined ? {} : { poolSize: numbersOf(poolSize) }),
  }
}

function isList(
  arg: readonly Argument[] | { readonly [name: string]: Argument },
): arg is readonly Argument[] {
  return Array.isArray(arg)
}

function dtypeOf(arg: Argument | undefined): core.DType {
  return core.dtypes.find((dtype) => dtype === arg) ?? 'float32'
}

function floatOf(x: core.AnyTensor): core.Tensor<core.FloatDType> {
  if (isFloatTensor(x)) return x
  throw new Error(`floats expected, got ${x.dtype}`)
}

function boolOf(x: core.AnyTensor): core.Tensor<'bool'> {
  if (isOf(x, 'bool')) return x
  throw new Error(`bool expected, got ${x.dtype}`)
}

function int32Of(x: core.AnyTensor): core.Tensor<'int32'> {
  if (isOf(x, 'int32')) return x
  throw new Error(`int32 expected, got ${x.dtype}`)
}

function isOf<D extends core.DType>(x: core.AnyTensor, dtype: D): x is core.Tensor<D> {
  return x.dtype === dtype
}

function isFloatTensor(x: core.AnyTensor): x is core.Tensor<core.FloatDType> {
  return core.isFloat(x.dtype)
}
