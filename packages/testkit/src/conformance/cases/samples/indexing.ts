import { scatterAdd, type Tensor, topK } from '@tensorweft/core'
import { type CallSample, sample, sampleCall, valuesOnly } from './call-sample.ts'
import { int32, of, positions, within } from './inputs.ts'

/** `scatterAdd` of x with a shape, at places of an axis. */
function scatterSample(shape: readonly number[], places: readonly number[], axis: number) {
  const inputs = [
    of(...shape),
    positions(shape[axis] ?? 1, ...places),
    of(...shape.slice(0, axis), ...places, ...shape.slice(axis + 1)),
  ]
  return sampleCall('scatterAdd', inputs, (x: Tensor, indices: Tensor<'int32'>, updates: Tensor) =>
    scatterAdd(x, indices, updates, axis),
  )
}

const gathered: readonly CallSample[] = [
  sample('gather', [of(5, 3), positions(5, 4)]),
  sample('gather', [of(2, 4), positions(4, 7)], 1),
  sample('gather', [of(2, 3, 4), positions(3, 2, 2)], 1),
  sample('gather', [of(5), positions(5)]),
  sample('gather', [of(3, 2), positions(3, 0)]),
  valuesOnly('gather', [int32(5, 2), positions(5, 9)]),
  sample('gatherND', [of(3, 4), positions(3, 5, 2)]),
  sample('gatherND', [of(2, 3, 2), positions(2, 4, 1)]),
  sample('gatherND', [of(2, 2, 2), positions(2, 2, 2, 3)]),
  sample('takeAlongAxis', [of(3, 4), positions(4, 3, 2)]),
  sample('takeAlongAxis', [of(3, 4), positions(3, 5, 4)], 0),
  valuesOnly('takeAlongAxis', [int32(2, 3), positions(3, 2, 3)], 1),
]

const scattered: readonly CallSample[] = [
  scatterSample([3, 2], [0], 0),
  scatterSample([4, 3], [6], 0),
  scatterSample([2, 3], [5], 1),
  scatterSample([2, 3, 2], [2, 2], 1),
  scatterSample([4], [], 0),
  valuesOnly('scatterAdd', [int32(4), positions(4, 9), int32(9)]),
]

function topSample(k: number, ...shape: number[]): CallSample {
  return sampleCall('topK', [of(...shape)], (x: Tensor) => topK(x, k).values)
}

const sorted: readonly CallSample[] = [
  ...(['sort', 'argSort'] as const).flatMap((op) => {
    const make = op === 'sort' ? sample : valuesOnly
    return [
      make(op, [of(9)]),
      make(op, [of(3, 5)], 0),
      make(op, [of(2, 4, 3)], 1, { descending: true }),
      make(op, [of(3, 1)]),
      valuesOnly(op, [of(0, 3)], 0),
      valuesOnly(op, [int32(4, 9)], 1),
    ]
  }),
  topSample(2, 3, 5),
  topSample(3, 3),
  {
    ...sampleCall('topK', [of(3, 5)], (x: Tensor) => topK(x, 2).indices),
    hasGradient: false,
  },
]

const cumulated: readonly CallSample[] = (['cumSum', 'cumProd'] as const).flatMap((op) => [
  sample(op, [of(5)]),
  sample(op, [of(3, 4)], 0),
  sample(op, [of(2, 4, 2)], 1, { reverse: true }),
  sample(op, [of(2, 4)], 1, { exclusive: true }),
  sample(op, [of(4, 1)], 0, { exclusive: true, reverse: true }),
  sample(op, [of(3, 1)]),
  sample(op, [of(2, 0)]),
  valuesOnly(op, [within(0.5, 1.5, 70)]),
  valuesOnly(op, [int32(3, 5)], 1),
])

export const indexingSamples: readonly CallSample[] = [
  ...gathered,
  ...scattered,
  ...sorted,
  ...cumulated,
]
