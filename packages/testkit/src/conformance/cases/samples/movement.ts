import { concat, split, stack, type Tensor } from '@tensorweft/core'
import type { OpInput } from '../../check-op.ts'
import { type CallSample, sample, sampleCall, valuesOnly } from './call-sample.ts'
import { bool, int32, of } from './inputs.ts'

function concatSample(axis: number, ...inputs: OpInput[]): CallSample {
  return sampleCall('concat', inputs, (...parts: Tensor[]) => concat(parts, axis))
}

function stackSample(axis: number, ...inputs: OpInput[]): CallSample {
  return sampleCall('stack', inputs, (...parts: Tensor[]) => stack(parts, axis))
}

/** The parts weighted by their number, and joined again in another order. */
function splitSample(x: OpInput, sections: number | readonly number[], axis: number): CallSample {
  return sampleCall('split', [x], (whole: Tensor) => {
    const parts = split(whole, sections, axis).map((part, i) => part.mul(i + 1))
    return concat(parts.toReversed(), axis)
  })
}

const joined: readonly CallSample[] = [
  concatSample(0, of(4)),
  concatSample(0, of(2, 3), of(1, 3)),
  concatSample(1, of(2, 3), of(2, 0), of(2, 2)),
  concatSample(-2, of(2, 1, 3), of(2, 2, 3), of(2, 1, 3)),
  concatSample(0, ...Array.from({ length: 11 }, (_, i) => of((i % 3) + 1))),
  { ...concatSample(0, int32(3), int32(4)), hasGradient: false },
  { ...concatSample(0, bool(3), bool(4)), hasGradient: false },
  stackSample(0, of(), of(), of()),
  stackSample(0, of(3), of(3)),
  stackSample(-1, of(2, 3), of(2, 3), of(2, 3)),
  stackSample(1, of(2, 0), of(2, 0)),
  splitSample(of(6), 3, 0),
  splitSample(of(2, 5), [1, 4], 1),
  splitSample(of(4, 1, 2), [2, 0, 2], 0),
]

const edges = [
  [1, 2],
  [0, 1],
] as const

export const movementSamples: readonly CallSample[] = [
  ...joined,
  sample('stridedSlice', [of(7)], [1], [null], [2]),
  sample('stridedSlice', [of(4, 5)], [null, -1], [-1, 0], [2, -2]),
  sample('stridedSlice', [of(3, 4, 2)], [0, 1, 0], [3, 3, 2]),
  sample('stridedSlice', [of(5)], [4], [1], [1]),
  valuesOnly('stridedSlice', [int32(9)], [null], [null], [-3]),
  sample('tile', [of(3)], [2]),
  sample('tile', [of(2, 1, 3)], [2, 3, 1]),
  sample('tile', [of(2, 2)], [1, 0]),
  valuesOnly('tile', [int32(2, 3)], [2, 2]),
  sample('roll', [of(5)], 2, 0),
  sample('roll', [of(3, 4)], [-1, 6], [0, 1]),
  sample('roll', [of(2, 0)], [1], [0]),
  valuesOnly('roll', [bool(7)], -3, 0),
  ...(['tril', 'triu'] as const).flatMap((op) => [
    sample(op, [of(4, 4)]),
    sample(op, [of(2, 3, 5)], 1),
    sample(op, [of(5, 3)], -1),
    valuesOnly(op, [int32(3, 4)], 1),
  ]),
  ...(['reflect', 'edge'] as const).flatMap((mode) => [
    sample('pad', [of(4)], [[2, 3]], mode),
    sample('pad', [of(3, 2)], edges, mode),
    valuesOnly('pad', [int32(4)], [[1, 3]], mode),
  ]),
]
