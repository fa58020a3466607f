import type { DType } from './dtype.ts'
import { Tensor } from './graph/tensor.ts'
import { abs } from './ops/abs.ts'
import { add } from './ops/add.ts'
import { argMax } from './ops/arg-max.ts'
import { cast } from './ops/cast.ts'
import { equal, greater, greaterEqual, less, lessEqual, notEqual } from './ops/compare.ts'
import { div } from './ops/div.ts'
import { exp } from './ops/exp.ts'
import { maximum, minimum } from './ops/extremum.ts'
import { log } from './ops/log.ts'
import { matmul } from './ops/matmul.ts'
import { max, min } from './ops/max.ts'
import { mean } from './ops/mean.ts'
import { mul } from './ops/mul.ts'
import { neg } from './ops/neg.ts'
import { relu } from './ops/relu.ts'
import { expandDims, reshape, squeeze } from './ops/reshape.ts'
import { sigmoid } from './ops/sigmoid.ts'
import { slice } from './ops/slice.ts'
import { softmax } from './ops/softmax.ts'
import { sqrt } from './ops/sqrt.ts'
import { square } from './ops/square.ts'
import { sub } from './ops/sub.ts'
import { broadcastTo, sum } from './ops/sum.ts'
import { tanh } from './ops/tanh.ts'
import { transpose } from './ops/transpose.ts'
import { readArray, readData, readItem } from './runtime/read.ts'

// Attaching the methods here lets each op's file import Tensor without a cycle. This is the one
// module of the package with a side effect.

/** The op as a method: `this` is its first argument. */
function method<A extends readonly unknown[], R>(fn: (x: never, ...rest: A) => R) {
  return function (this: Tensor<DType>, ...rest: A): R {
    return fn(this as never, ...rest)
  }
}

const methods = {
  data: method(readData),
  array: method(readArray),
  item: method(readItem),
  add: method(add),
  sub: method(sub),
  mul: method(mul),
  div: method(div),
  maximum: method(maximum),
  minimum: method(minimum),
  neg: method(neg),
  abs: method(abs),
  square: method(square),
  sqrt: method(sqrt),
  exp: method(exp),
  log: method(log),
  relu: method(relu),
  sigmoid: method(sigmoid),
  tanh: method(tanh),
  softmax: method(softmax),
  equal: method(equal),
  notEqual: method(notEqual),
  less: method(less),
  lessEqual: method(lessEqual),
  greater: method(greater),
  greaterEqual: method(greaterEqual),
  sum: method(sum),
  mean: method(mean),
  max: method(max),
  min: method(min),
  argMax: method(argMax),
  matmul: method(matmul),
  reshape: method(reshape),
  transpose: method(transpose),
  expandDims: method(expandDims),
  squeeze: method(squeeze),
  broadcastTo: method(broadcastTo),
  slice: method(slice),
  cast: method(cast),
} satisfies Record<MethodName, unknown>

type MethodName = Exclude<
  keyof Tensor,
  'node' | 'shape' | 'dtype' | 'rank' | 'size' | 'dispose' | 'toString' | typeof Symbol.dispose
>

Object.assign(Tensor.prototype, methods)
