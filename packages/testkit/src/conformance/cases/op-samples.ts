import type { Argument } from '../../random-graphs/argument.ts'
import type { GraphOp } from '../../random-graphs/graph-ops.ts'
import type { OpInput } from '../check-op.ts'
import { bool, int32, of, pairs, shapes, within } from './samples/inputs.ts'

/** A call of an op that every backend must compute. */
export interface OpSample {
  readonly op: GraphOp
  readonly inputs: readonly OpInput[]
  readonly args?: readonly Argument[]
  /** Whether its gradients, first and second, are checked too; by default yes. */
  readonly hasGradient?: boolean
}

function elementwise(ops: readonly GraphOp[], low: number, high: number): OpSample[] {
  return ops.flatMap((op) => shapes.map((shape) => ({ op, inputs: [within(low, high, ...shape)] })))
}

const unary: readonly OpSample[] = [
  ...elementwise(['neg', 'square', 'sigmoid', 'tanh', 'exp'], -3, 3),
  ...elementwise(['abs', 'relu'], -1, 3),
  ...elementwise(['log', 'sqrt'], 0.3, 4),
  { op: 'identity', inputs: [of(3, 5)] },
  { op: 'erfInv', inputs: [within(-0.9, 0.9, 11)], hasGradient: false },
  { op: 'stopGradient', inputs: [of(3, 5)], hasGradient: false },
  { op: 'neg', inputs: [int32(5)], hasGradient: false },
  { op: 'abs', inputs: [int32(5)], hasGradient: false },
  { op: 'logicalNot', inputs: [bool(9)], hasGradient: false },
]

const differentiable: readonly GraphOp[] = ['add', 'sub', 'mul', 'div', 'maximum', 'minimum']
const comparisons: readonly GraphOp[] = [
  'equal',
  'notEqual',
  'less',
  'lessEqual',
  'greater',
  'greaterEqual',
]

const binary: readonly OpSample[] = [
  ...differentiable.flatMap((op) =>
    pairs.map(([a, b]) => ({ op, inputs: [within(0.6, 3, ...a), within(-2.9, -0.4, ...b)] })),
  ),
  ...differentiable.map((op) => ({ op, inputs: [of(5), within(0.5, 2, 5)] })),
  ...comparisons.map((op) => ({
    op,
    inputs: [int32(3, 4), int32(4)].map((input) => ({ ...input, range: [-2, 2] as const })),
    hasGradient: false,
  })),
  ...comparisons.map((op) => ({ op, inputs: [of(3, 4), of(3, 1)], hasGradient: false })),
  ...(['add', 'sub', 'mul', 'div', 'maximum', 'minimum'] as const).map((op) => ({
    op,
    inputs: [int32(3, 4), int32(4)],
    hasGradient: false,
  })),
  ...(['logicalAnd', 'logicalOr'] as const).map((op) => ({
    op,
    inputs: [bool(3, 4), bool(4)],
    hasGradient: false,
  })),
  { op: 'where', inputs: [bool(3, 4), of(4), of(3, 1)] },
  { op: 'where', inputs: [bool(4), int32(2, 4), int32(4)], hasGradient: false },
  ...(['shiftLeft', 'shiftRight'] as const).map((op) => ({
    op,
    inputs: [int32(40), { shape: [40], dtype: 'int32' as const, range: [0, 31] as const }],
    hasGradient: false,
  })),
  { op: 'add', inputs: [of(3, 4)], args: [0.3] },
  { op: 'mul', inputs: [of(3, 4)], args: [-1.7] },
]

const casts: readonly OpSample[] = (['float32', 'int32', 'uint8', 'bool'] as const).flatMap(
  (to) => [
    {
      op: 'cast' as const,
      inputs: [within(-300, 300, 23)],
      args: [to],
      hasGradient: to === 'float32',
    },
    { op: 'cast' as const, inputs: [int32(23)], args: [to], hasGradient: false },
    { op: 'cast' as const, inputs: [bool(5)], args: [to], hasGradient: false },
  ],
)

const movement: readonly OpSample[] = [
  { op: 'reshape', inputs: [of(4, 6)], args: [[3, 8]] },
  { op: 'reshape', inputs: [of(2, 3, 4)], args: [[-1]] },
  { op: 'reshape', inputs: [of()], args: [[1, 1]] },
  { op: 'transpose', inputs: [of(3, 5)], args: [[1, 0]] },
  { op: 'transpose', inputs: [of(2, 3, 4, 5)], args: [[2, 0, 3, 1]] },
  { op: 'transpose', inputs: [int32(2, 3, 4)], args: [[2, 1, 0]], hasGradient: false },
  {
    op: 'slice',
    inputs: [of(5, 6)],
    args: [
      [1, 2],
      [3, 1],
    ],
  },
  { op: 'flip', inputs: [of(7)], args: [[0]] },
  { op: 'flip', inputs: [of(2, 3, 4)], args: [[2, 0]] },
  { op: 'flip', inputs: [bool(5, 3)], args: [[0, 1]], hasGradient: false },
  { op: 'slice', inputs: [of(9)], args: [[4], [0]] },
  { op: 'slice', inputs: [of(9)], args: [[4], [-1]] },
  { op: 'pad', inputs: [of(4)], args: [[[2, 3]], 1.5] },
  {
    op: 'pad',
    inputs: [of(2, 3)],
    args: [
      [
        [1, 0],
        [0, 2],
      ],
      0,
    ],
  },
  { op: 'pad', inputs: [bool(5)], args: [[[1, 1]], 1], hasGradient: false },
  { op: 'broadcastTo', inputs: [of(3, 1)], args: [[2, 3, 4]] },
  { op: 'broadcastTo', inputs: [of()], args: [[3]] },
  { op: 'expandDims', inputs: [of(3, 4)], args: [1] },
  { op: 'squeeze', inputs: [of(1, 3, 1)] },
]

const reductions: readonly OpSample[] = [
  ...(['sum', 'mean', 'max', 'min', 'logSumExp'] as const).flatMap((op) => [
    { op, inputs: [of(5)], args: [[0], {}] },
    { op, inputs: [of(3, 4, 5)], args: [[1], {}] },
    { op, inputs: [of(3, 4, 5)], args: [[2, 0], { keepDims: true }] },
    { op, inputs: [of(2, 3, 2, 3)], args: [[0, 1, 2, 3], {}] },
    { op, inputs: [of(4, 1)], args: [[1], {}] },
  ]),
  ...(['sum', 'max', 'min', 'mean'] as const).map((op) => ({
    op,
    inputs: [int32(3, 40)],
    args: [[1], {}],
    hasGradient: false,
  })),
  { op: 'sum', inputs: [bool(300)], args: [[0], {}], hasGradient: false },
  { op: 'sum', inputs: [of(0, 3)], args: [[0], {}] },
  { op: 'argMax', inputs: [of(4, 9)], args: [1], hasGradient: false },
  { op: 'argMax', inputs: [of(9, 4)], args: [0], hasGradient: false },
  { op: 'softmax', inputs: [of(3, 7)], args: [1] },
  { op: 'softmax', inputs: [of(7, 3)], args: [0] },
  { op: 'logSoftmax', inputs: [of(3, 7)], args: [1] },
  { op: 'oneHot', inputs: [int32(3, 2)], args: [4], hasGradient: false },
]

const contractions: readonly OpSample[] = [
  { op: 'matmul', inputs: [of(3, 4), of(4, 5)] },
  { op: 'matmul', inputs: [of(17, 33), of(33, 9)] },
  { op: 'matmul', inputs: [of(1, 7), of(7, 1)] },
  { op: 'matmul', inputs: [of(4), of(4)] },
  { op: 'matmul', inputs: [of(3, 4), of(4)] },
  { op: 'matmul', inputs: [of(4), of(4, 3)] },
  { op: 'matmul', inputs: [of(2, 3, 4), of(2, 4, 5)] },
  { op: 'matmul', inputs: [of(2, 1, 3, 4), of(3, 4, 2)] },
  { op: 'matmul', inputs: [of(3, 0), of(0, 2)] },
]

interface Convolution {
  /** Of as many spatial axes as the op has. */
  readonly x: readonly number[]
  readonly filters: readonly number[]
  readonly options: { readonly [name: string]: Argument }
}

const convolutions: readonly Convolution[] = [
  { x: [2, 5, 6, 3], filters: [3, 3, 3, 4], options: { padding: 'same' } },
  { x: [1, 7, 7, 2], filters: [3, 2, 2, 3], options: { strides: [2, 3], padding: 'valid' } },
  { x: [1, 7, 6, 2], filters: [3, 3, 2, 2], options: { strides: [2, 2], padding: 'same' } },
  { x: [1, 9, 8, 1], filters: [3, 3, 1, 2], options: { dilations: [2, 2], padding: 'valid' } },
  {
    x: [1, 8, 9, 2],
    filters: [2, 2, 2, 2],
    options: { strides: [3, 3], dilations: [2, 1], padding: 'same' },
  },
  { x: [1, 5, 5, 4], filters: [3, 3, 2, 6], options: { groups: 2, padding: 'same' } },
  { x: [1, 5, 5, 3], filters: [3, 3, 1, 3], options: { groups: 3, strides: [2, 2] } },
  // Strides beyond the filter leave inputs that no output sees.
  { x: [1, 7, 7, 1], filters: [1, 2, 1, 1], options: { strides: [3, 3], padding: 'valid' } },
  {
    x: [1, 4, 3, 1],
    filters: [2, 2, 1, 1],
    options: {
      padding: [
        [1, 0],
        [0, 2],
      ],
    },
  },
  { x: [2, 9, 3], filters: [3, 3, 4], options: { strides: [2], padding: 'same' } },
  { x: [2, 11, 2], filters: [3, 2, 3], options: { dilations: [3], padding: 'valid' } },
  { x: [1, 8, 4], filters: [3, 2, 6], options: { groups: 2, padding: 'same' } },
  {
    x: [1, 10, 4],
    filters: [2, 1, 4],
    options: { strides: [2], dilations: [3], groups: 4, padding: 'same' },
  },
  {
    x: [1, 3, 4, 5, 2],
    filters: [2, 2, 3, 2, 2],
    options: { strides: [1, 2, 2], padding: 'same' },
  },
  {
    x: [1, 4, 5, 6, 1],
    filters: [2, 2, 2, 1, 2],
    options: { dilations: [2, 1, 3], padding: 'valid' },
  },
  { x: [1, 3, 3, 2, 4], filters: [2, 2, 2, 2, 2], options: { groups: 2, padding: 'same' } },
  {
    x: [1, 5, 4, 4, 2],
    filters: [2, 2, 1, 1, 2],
    options: { strides: [2, 1, 3], dilations: [1, 2, 1], groups: 2, padding: 'same' },
  },
]

const windows: readonly OpSample[] = [
  ...convolutions.map(({ x, filters, options }) => ({
    op: (['conv1d', 'conv2d', 'conv3d'] as const)[x.length - 3] ?? 'conv2d',
    inputs: [of(...x), of(...filters)],
    args: [options],
  })),
  ...(['maxPool1d', 'avgPool1d'] as const).map((op) => ({
    op,
    inputs: [of(2, 9, 3)],
    args: [{ poolSize: [3], strides: [2], padding: 'same' }],
  })),
  ...(['maxPool2d', 'avgPool2d'] as const).flatMap((op) => [
    { op, inputs: [of(2, 6, 4, 3)], args: [{ poolSize: [2, 2] }] },
    {
      op,
      inputs: [of(1, 7, 5, 2)],
      args: [{ poolSize: [3, 2], strides: [2, 1], padding: 'same' }],
    },
  ]),
]

const creation: readonly OpSample[] = [
  { op: 'indices', inputs: [], args: [[3, 4], 1], hasGradient: false },
  { op: 'full', inputs: [], args: [[2, 3], 1.5, 'float32'], hasGradient: false },
]

export const opSamples: readonly OpSample[] = [
  ...unary,
  ...binary,
  ...casts,
  ...movement,
  ...reductions,
  ...contractions,
  ...windows,
  ...creation,
]
