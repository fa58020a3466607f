import {
  argumentError,
  type BadCall,
  type BadCalls,
  dtypeError,
  floats,
  notAnAxis,
  notAnOption,
  notATensor,
  notAxes,
  ofDTypes,
  shapeError,
  values,
} from './bad-call.testing.ts'

const x = floats(2, 3)
const empty = floats(0, 3)
const condition = values('bool', 2, 3)

const overAxes: readonly BadCall[] = [...notATensor([x], 0, 'x'), ...notAxes([x], 1)]

/** Of nothing there is no greatest. */
const chosen: readonly BadCall[] = [
  ...overAxes,
  shapeError([empty, 0], '[0, 3]', 'at least one element'),
  shapeError([empty], '[0, 3]', 'at least one element'),
]

const tested: readonly BadCall[] = [
  ...notATensor([condition], 0, 'x'),
  ...notAxes([condition], 1),
  ...ofDTypes([condition], 0, ['float32', 'float64', 'int32', 'uint8'], 'wanted bool', 'cast'),
]

const positions: readonly BadCall[] = [
  ...notATensor([x], 0, 'x'),
  ...notAnAxis([x], 1),
  shapeError([empty, 0], '[0, 3]', 'at least one element'),
  shapeError([empty, null], '[0, 3]', 'at least one element'),
  shapeError([floats()], 'axis -1', 'a scalar has none'),
]

const spread: readonly BadCall[] = [
  ...overAxes,
  ...notAnOption([x, 0], 2, 'correction', [Number.NaN, Number.POSITIVE_INFINITY, '1', null]),
]

const alongAxis: readonly BadCall[] = [
  ...notATensor([x], 0, 'x'),
  ...notAnAxis([x], 1),
  ...ofDTypes([x], 0, ['int32', 'uint8', 'bool'], 'x is', 'cast'),
  shapeError([floats()], 'axis -1', 'a scalar has none'),
]

const running: readonly BadCall[] = [
  ...notATensor([x], 0, 'x'),
  ...notAnAxis([x], 1),
  ...ofDTypes([x], 0, ['uint8', 'bool'], 'x is', 'cast'),
]

export const reductionCalls: BadCalls = {
  sum: overAxes,
  mean: overAxes,
  max: chosen,
  min: chosen,
  prod: [...overAxes, ...ofDTypes([x], 0, ['uint8', 'bool'], 'x is', 'cast')],
  logSumExp: [...chosen, ...ofDTypes([x], 0, ['int32', 'uint8', 'bool'], 'x is', 'cast')],
  any: tested,
  all: tested,
  argMax: positions,
  argMin: positions,
  variance: spread,
  std: spread,
  norm: [
    ...overAxes,
    ...notAnOption([x, 0], 2, 'ord', [0, Number.NaN, '2', null]),
    shapeError([empty, 0, { ord: Number.POSITIVE_INFINITY }], '[0, 3]', 'at least one element'),
    shapeError([empty, 0, { ord: -1 }], 'ord is -1', 'at least one element'),
  ],
  softmax: alongAxis,
  logSoftmax: alongAxis,
  sparsemax: alongAxis,
  glu: [
    ...alongAxis,
    shapeError([x], '[2, 3]', 'even'),
    shapeError([floats(3, 2), 0], '[3, 2]', 'even'),
  ],
  cumSum: running,
  cumProd: running,
  sort: [...notATensor([x], 0, 'x'), ...notAnAxis([x], 1)],
  argSort: [...notATensor([x], 0, 'x'), ...notAnAxis([x], 1)],
  topK: [
    ...notATensor([x, 1], 0, 'x'),
    shapeError([floats(), 1], 'x is []', 'an axis'),
    ...[4, -1, 1.5, Number.NaN, '1', undefined].map((k) =>
      argumentError([x, k], `k ${String(k)} for 3 elements`, 'from 0 to 3'),
    ),
  ],
}

const [m, n] = [floats(2, 3), floats(3, 4)]
const [v, w] = [floats(3), floats(3)]

const products: readonly BadCall[] = [
  ...notATensor([v, w], 0, 'a'),
  ...notATensor([v, w], 1, 'b'),
  dtypeError([v, values('int32', 3)], 'a is float32 and b is int32', 'cast'),
  dtypeError([values('bool', 3), values('bool', 3)], 'bool', 'cast'),
  dtypeError([values('uint8', 3), values('uint8', 3)], 'uint8', 'cast'),
]

const ofVectors: readonly BadCall[] = [
  ...products,
  shapeError([m, v], '[2, 3]', '[3]', 'two vectors'),
  shapeError([v, floats()], '[3]', '[]', 'two vectors'),
]

export const productCalls: BadCalls = {
  matmul: [
    ...products,
    shapeError([m, m], '[2, 3]', 'inner sizes 3 and 2', 'transpose'),
    shapeError([m, floats(4)], 'inner sizes 3 and 4'),
    shapeError([floats(4), n], 'inner sizes 4 and 3'),
    shapeError([v, floats(4)], 'inner sizes 3 and 4'),
    shapeError([m, floats()], '[2, 3]', '[]', 'use mul for a scalar'),
    shapeError([floats(), m], 'use mul for a scalar'),
    shapeError([floats(2, 2, 3), floats(5, 3, 4)], '2 and 5', 'broadcast'),
  ],
  dot: [...ofVectors, shapeError([v, floats(4)], '[3]', '[4]', 'one size')],
  outer: ofVectors,
  einsum: [
    ...notATensor(['ij,jk->ik', m, n], 1, 'operand 0'),
    ...notATensor(['ij,jk->ik', m, n], 2, 'operand 1'),
    dtypeError(['ij,jk->ik', m, values('int32', 3, 4)], 'float32', 'int32', 'cast'),
    dtypeError(['i->', values('bool', 3)], 'bool'),
    argumentError([undefined, m], 'undefined', "'ij,jk->ik'"),
    argumentError([m, n], 'equation', "'ij,jk->ik'"),
    argumentError(['ij->ij'], 'no tensors'),
    argumentError(['ij,jk->ik', m], "'ij,jk->ik'", '2 operands and 1 tensors'),
    argumentError(['ij->ik', m], "'k'", 'which no operand has'),
    argumentError(['ij->ii', m], "a second 'i'"),
    argumentError(['ij->i->j', m], 'position'),
    argumentError(['i1->i', m], "'1'", 'letters'),
    argumentError(['...i...->i', m], "a second '...'"),
    argumentError(['...i->i', m], "'...' on both sides"),
    shapeError(['ijk->i', m], '3 axes of operand 0, which is [2, 3]'),
    shapeError(['i->i', m], '1 axes of operand 0, which is [2, 3]'),
    shapeError(['ij,jk->ik', m, m], "'j' has sizes 3 and 2"),
    shapeError(['ii->i', m], "'i' has sizes 2 and 3"),
  ],
}
