import { type AnyTensor, tensor } from '@tensorweft/core'
import {
  argumentError,
  type BadCalls,
  dtypeError,
  floats,
  notAnAxis,
  notATensor,
  ofDTypes,
  shapeError,
  values,
} from './bad-call.testing.ts'

function places(data: number[] | number[][]): AnyTensor {
  return tensor(data, { dtype: 'int32' })
}

const noIndices = ['float32', 'uint8', 'bool'] as const
const x = floats(2, 3)
const rows = places([0, 1])
const points = places([
  [0, 2],
  [1, 1],
])

export const indexingCalls: BadCalls = {
  gather: [
    ...notATensor([x, rows], 0, 'x'),
    ...notATensor([x, rows], 1, 'indices'),
    ...ofDTypes([x, rows], 1, noIndices, 'wanted int32', 'cast'),
    ...notAnAxis([x, rows], 2),
    shapeError([floats(), rows], 'a scalar has none'),
    argumentError([x, places([0, 2])], 'index 2', 'from 0 to 1'),
    argumentError([x, places([-1])], 'index -1', 'from 0 to 1'),
    argumentError([x, places([3]), 1], 'index 3', 'from 0 to 2'),
    argumentError([floats(0, 3), rows], 'the axis is empty'),
  ],
  gatherND: [
    ...notATensor([x, points], 0, 'x'),
    ...notATensor([x, points], 1, 'indices'),
    ...ofDTypes([x, points], 1, noIndices, 'wanted int32', 'cast'),
    shapeError([x, places([[0, 1, 2]])], '[2, 3]', '[1, 3]', 'k from 1 to 2'),
    shapeError([x, tensor(0, { dtype: 'int32' })], 'indices are []'),
    shapeError([x, values('int32', 2, 0)], 'indices are [2, 0]'),
  ],
  takeAlongAxis: [
    ...notATensor([x, points], 0, 'x'),
    ...notATensor([x, points], 1, 'indices'),
    ...ofDTypes([x, points], 1, noIndices, 'wanted int32', 'cast'),
    ...notAnAxis([x, points], 2),
    shapeError([x, rows], '[2, 3]', '[2]', 'the same sizes'),
    shapeError([x, places([[0, 1]])], '[1, 2]', 'on all axes but 1'),
    argumentError([x, places([[0], [3]])], 'index 3', 'from 0 to 2'),
    argumentError([x, places([[0], [-1]])], 'index -1'),
  ],
  scatterAdd: [
    ...notATensor([x, rows, x], 0, 'x'),
    ...notATensor([x, rows, x], 1, 'indices'),
    ...notATensor([x, rows, x], 2, 'updates'),
    ...ofDTypes([x, rows, x], 1, noIndices, 'wanted int32', 'cast'),
    ...notAnAxis([x, rows, x], 3),
    dtypeError([x, rows, values('int32', 2, 3)], 'float32', 'int32', 'cast'),
    dtypeError([values('bool', 2), rows, values('bool', 2)], 'bool'),
    dtypeError([values('uint8', 2), rows, values('uint8', 2)], 'uint8'),
    shapeError([x, rows, floats(2, 2)], 'updates are [2, 2]', 'wanted [2, 3]'),
    shapeError([x, rows, floats(2)], 'updates are [2]'),
    argumentError([x, places([0, 2]), x], 'index 2', 'from 0 to 1'),
    argumentError([x, places([0, -1]), x], 'index -1'),
  ],
  oneHot: [
    ...notATensor([rows, 3], 0, 'labels'),
    ...ofDTypes([rows, 3], 0, noIndices, 'wanted int32', 'cast'),
    ...[-1, 1.5, Number.NaN, undefined, '3'].map((depth) =>
      argumentError([rows, depth], `depth ${String(depth)}`),
    ),
    dtypeError([rows, 3, 'bfloat16'], 'bfloat16', 'float32'),
  ],
}
