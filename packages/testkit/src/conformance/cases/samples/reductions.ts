import { einsum, type Tensor } from '@tensorweft/core'
import type { OpInput } from '../../check-op.ts'
import { type CallSample, sample, sampleCall, valuesOnly } from './call-sample.ts'
import { bool, int32, of, within } from './inputs.ts'

const statistics: readonly CallSample[] = (['variance', 'std'] as const).flatMap((op) => [
  sample(op, [of(7)]),
  sample(op, [of(3, 4)], 1, { correction: 1 }),
  sample(op, [of(2, 3, 4)], [2, 0], { keepDims: true }),
])

const norms: readonly CallSample[] = [
  sample('norm', [of(7)]),
  sample('norm', [of(3, 4)], 1),
  sample('norm', [of(2, 3, 4)], [2, 0], { keepDims: true }),
  sample('norm', [within(0.3, 2, 3, 4)], 0, { ord: 1 }),
  sample('norm', [within(0.3, 2, 3, 4)], 1, { ord: 3 }),
  sample('norm', [within(0.3, 2, 3, 4)], 1, { ord: Number.POSITIVE_INFINITY }),
  sample('norm', [within(0.3, 2, 3, 4)], 0, { ord: Number.NEGATIVE_INFINITY }),
  valuesOnly('norm', [int32(3, 4)], 1),
  valuesOnly('norm', [of(0, 3)], 0),
]

const products: readonly CallSample[] = [
  sample('prod', [of(5)]),
  sample('prod', [of(3, 4)], 1),
  sample('prod', [of(2, 3, 2)], [2, 0], { keepDims: true }),
  sample('prod', [of(0, 3)], 0),
  sample('prod', [of()]),
  valuesOnly('prod', [int32(3, 4)], 1),
]

function einsumSample(equation: string, ...inputs: OpInput[]): CallSample {
  return sampleCall('einsum', inputs, (...operands: Tensor[]) => einsum(equation, ...operands))
}

const contractions: readonly CallSample[] = [
  einsumSample('ij,jk->ik', of(3, 4), of(4, 2)),
  einsumSample('bhqd,bhkd->bhqk', of(1, 2, 3, 4), of(1, 2, 2, 4)),
  einsumSample('...i,...i', of(2, 3, 4), of(4)),
  einsumSample('ii->i', of(3, 3)),
  einsumSample('ij->ji', of(3, 2)),
  einsumSample('i,j,k->kij', of(2), of(3), of(2)),
  einsumSample('ab,bc,cd->ad', of(2, 3), of(3, 2), of(2, 4)),
  einsumSample('ij,ij->', of(3, 0), of(3, 0)),
  { ...einsumSample('ij,kj->ik', int32(2, 3), int32(4, 3)), hasGradient: false },
  sample('outer', [of(3), of(4)]),
  sample('outer', [of(1), of(0)]),
  sample('dot', [of(7), of(7)]),
  sample('dot', [of(1), of(1)]),
  valuesOnly('dot', [int32(5), int32(5)]),
]

const tests: readonly CallSample[] = (['any', 'all'] as const).flatMap((op) => [
  valuesOnly(op, [bool(3)]),
  valuesOnly(op, [bool(5, 2)], 1),
  valuesOnly(op, [bool(3, 2, 2)], [0, 2], { keepDims: true }),
  valuesOnly(op, [bool(0, 3)], 0),
])

export const reductionSamples: readonly CallSample[] = [
  ...statistics,
  ...norms,
  ...products,
  ...contractions,
  ...tests,
  valuesOnly('argMin', [of(4, 9)], 1),
  valuesOnly('argMin', [of(9, 4)], 0),
]
