import type { OpInput } from '../../check-op.ts'
import { type CallSample, type CoreFunction, sample, valuesOnly } from './call-sample.ts'
import { bool, int32, of, pairs, shapes, within } from './inputs.ts'

/** Gradients on two axes only: that they are broadcast and summed is no concern of an op's own. */
function withGradientsOnMatrices(
  op: CoreFunction,
  inputs: readonly OpInput[],
  rank: number,
): CallSample {
  return rank === 2 ? sample(op, inputs) : valuesOnly(op, inputs)
}

function onAllShapes(ops: readonly CoreFunction[], low: number, high: number): CallSample[] {
  return ops.flatMap((op) =>
    shapes.map((shape) => withGradientsOnMatrices(op, [within(low, high, ...shape)], shape.length)),
  )
}

/** On both sides of a kink, at a distance from it. */
function besides(op: CoreFunction, kink: number, ...args: readonly number[]): CallSample[] {
  return [
    sample(op, [within(kink - 2, kink - 0.1, 3, 5)], ...args),
    sample(op, [within(kink + 0.1, kink + 2, 2, 1, 4)], ...args),
  ]
}

const smooth: readonly CallSample[] = [
  ...onAllShapes(['sin', 'cos', 'sinh', 'cosh', 'atan', 'asinh', 'expm1', 'erf'], -2, 2),
  ...onAllShapes(['erfc', 'softplus', 'logSigmoid', 'gelu', 'silu', 'mish'], -2, 2),
  ...onAllShapes(['asin', 'acos', 'atanh'], -0.6, 0.6),
  ...onAllShapes(['acosh'], 1.3, 5),
  ...onAllShapes(['tan'], -1.2, 1.2),
  ...onAllShapes(['log1p'], -0.6, 3),
  ...onAllShapes(['reciprocal', 'rsqrt'], 0.5, 3),
  sample('reciprocal', [within(-3, -0.5, 5)]),
  sample('gelu', [of(3, 5)], { approximate: 'tanh' }),
  ...besides('softsign', 0),
]

const kinked: readonly CallSample[] = [
  ...besides('leakyRelu', 0),
  sample('leakyRelu', [within(-2, -0.1, 7)], { alpha: 0.3 }),
  ...besides('elu', 0),
  sample('elu', [within(-2, -0.1, 7)], { alpha: 0.7 }),
  ...besides('selu', 0),
  ...besides('hardSigmoid', -3).slice(1),
  ...besides('hardSigmoid', 3).slice(0, 1),
  ...besides('hardSwish', -3).slice(1),
  ...besides('hardSwish', 3),
  ...besides('relu6', 6).slice(0, 1),
  sample('relu6', [within(-1, 7, 12)]),
  sample('clip', [within(-2, 2, 3, 4)], -1, 1),
  sample('clip', [within(-2, 2, 12)], null, 0),
  sample('clip', [within(-2, 2, 12)], 0, null),
  valuesOnly('clip', [int32(3, 4)], -3, 5),
]

const signs = ['sign', 'floor', 'ceil', 'round'] as const
const inspections = ['isNan', 'isFinite', 'isInfinite'] as const

const steps: readonly CallSample[] = [
  ...signs.flatMap((op) => shapes.map((shape) => valuesOnly(op, [within(-9, 9, ...shape)]))),
  ...inspections.flatMap((op) => shapes.map((shape) => valuesOnly(op, [of(...shape)]))),
  ...inspections.map((op) => valuesOnly(op, [int32(5)])),
]

/** The first between `a`, the second between `b`, on all pairs of shapes. */
function onAllPairs(
  op: CoreFunction,
  a: readonly [number, number],
  b: readonly [number, number],
): CallSample[] {
  return pairs.map(([left, right]) =>
    withGradientsOnMatrices(op, [within(...a, ...left), within(...b, ...right)], left.length),
  )
}

const integerPair: readonly OpInput[] = [int32(3, 4), int32(4)]

const binary: readonly CallSample[] = [
  ...onAllPairs('pow', [0.8, 3], [-2.5, 2.5]),
  sample('pow', [within(0.8, 3, 5)], 3),
  sample('pow', [within(0.8, 3, 5)], -0.5),
  ...onAllPairs('atan2', [0.4, 2], [-2, 2]),
  sample('atan2', [within(-2, -0.4, 7), of(7)]),
  ...onAllPairs('squaredDifference', [-2, 2], [-2, 2]),
  valuesOnly('squaredDifference', integerPair),
  // No quotient comes near an integer.
  ...onAllPairs('mod', [3.4, 3.6], [0.93, 0.97]),
  sample('mod', [within(-3.6, -3.4, 5), within(0.93, 0.97, 5)]),
  valuesOnly('mod', [within(-9, 9, 23), of(23)]),
  valuesOnly('mod', integerPair),
  ...pairs.map(([a, b]) => valuesOnly('floorDiv', [within(-9, 9, ...a), within(0.6, 3, ...b)])),
  valuesOnly('floorDiv', [within(-9, 9, 23), within(-3, -0.6, 23)]),
  valuesOnly('floorDiv', integerPair),
  ...pairs.map(([a, b]) => valuesOnly('logicalXor', [bool(...a), bool(...b)])),
]

export const elementwiseSamples: readonly CallSample[] = [...smooth, ...kinked, ...steps, ...binary]
