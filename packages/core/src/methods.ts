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

/** Each becomes a method: `this` is its first argument. */
const methods = {
  data: readData,
  array: readArray,
  item: readItem,
  add,
  sub,
  mul,
  div,
  maximum,
  minimum,
  neg,
  abs,
  square,
  sqrt,
  exp,
  log,
  relu,
  sigmoid,
  tanh,
  softmax,
  equal,
  notEqual,
  less,
  lessEqual,
  greater,
  greaterEqual,
  sum,
  mean,
  max,
  min,
  argMax,
  matmul,
  reshape,
  transpose,
  expandDims,
  squeeze,
  broadcastTo,
  slice,
  cast,
} satisfies Record<MethodName, (x: never, ...rest: never[]) => unknown>

type MethodName = Exclude<
  keyof Tensor & string,
  'node' | 'shape' | 'dtype' | 'rank' | 'size' | 'dispose' | 'toString'
>

const { prototype } = Tensor
for (const [name, op] of Object.entries<(...args: never[]) => unknown>(methods)) {
  Object.assign(prototype, {
    [name](this: never, ...rest: never[]) {
      return op(this, ...rest)
    },
  })
}

// What Node shows a tensor as.
Object.assign(prototype, { [Symbol.for('nodejs.util.inspect.custom')]: prototype.toString })
