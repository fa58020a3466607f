import { key, tensor } from '@tensorweft/core'
import {
  argumentError,
  type BadCall,
  type BadCalls,
  dtypeError,
  floats,
  notAnAxis,
  notAnOption,
  notATensor,
  shapeError,
  withArgument,
} from './bad-call.testing.ts'

/** What is no shape, as the argument at `position`. */
function notAShape(args: readonly unknown[], position: number): BadCall[] {
  const lists = [[-1], [2, -1], [1.5], [Number.NaN], [2 ** 30, 2 ** 30]]
  return [
    ...lists.map((shape) =>
      shapeError(withArgument(args, position, shape), `shape [${shape.join(', ')}]`),
    ),
    shapeError(withArgument(args, position, 3), 'shape 3'),
    shapeError(withArgument(args, position, undefined), 'shape undefined'),
    shapeError(withArgument(args, position, ['3']), 'shape [3]'),
  ]
}

function notADType(args: readonly unknown[], position: number): BadCall[] {
  return ['bfloat16', 'Float32', 3].map((dtype) =>
    dtypeError(withArgument(args, position, dtype), `dtype ${dtype}`, 'float32', 'bool'),
  )
}

const seed = key(1)

/** What is no key, in place of one. */
function notAKey(args: readonly unknown[], name = 'key'): BadCall[] {
  return [
    ...[undefined, null, 42, [1, 2]].map((value) =>
      argumentError(withArgument(args, 0, value), `${name} is`, 'key(seed)'),
    ),
    shapeError(withArgument(args, 0, floats(2)), 'float32 [2]', 'int32 [2]', 'key(seed)'),
    shapeError(withArgument(args, 0, tensor([1], { dtype: 'int32' })), 'int32 [1]', 'key(seed)'),
  ]
}

const drawn: readonly BadCall[] = [...notAKey([seed, [2]]), ...notAShape([seed], 1)]
const normal: readonly BadCall[] = [
  ...drawn,
  ...notAnOption([seed, [2]], 2, 'mean', [Number.NaN, '0', null]),
  ...notAnOption([seed, [2]], 2, 'standardDeviation', [-1, Number.NaN, '1', null]),
]

const likes: readonly BadCall[] = notATensor([], 0, 'x')
const filled: readonly BadCall[] = [...notAShape([], 0), ...notADType([[2]], 1)]

const withHole: readonly number[] = Object.assign(Array(3), { 0: 1, 2: 3 })

export const creationCalls: BadCalls = {
  tensor: [
    shapeError([[[1, 2], [3]]], 'ragged', '[2]', '[1]', 'pad the shorter ones'), // biome-ignore format: one case a line
    shapeError([[1, [2]]], 'ragged', '[]', '[1]'),
    shapeError([[[1], new Float32Array(2)]], 'ragged', '[1]', '[2]'),
    shapeError([[1, 2, 3], { shape: [2, 2] }], '3 values and shape [2, 2]', '4 values'),
    shapeError([[1, 2], { shape: [-2, -1] }], '[-2, -1]'),
    shapeError([[1], { shape: [Number.NaN] }], 'shape [NaN]'),
    shapeError([[1, 2], { shape: [0.5, 4] }], 'shape [0.5, 4]'),
    shapeError([[1, 2], { shape: 2 }], 'shape 2'),
    ...notADType([[1]], 1).map((call) => ({ ...call, args: [[1], { dtype: call.args[1] }] })),
    argumentError([undefined], 'undefined among the values', 'numbers'),
    argumentError(['1'], 'string among the values'),
    argumentError([null], 'null among the values'),
    argumentError([[1, undefined]], 'undefined among the values'),
    argumentError([withHole], 'undefined among the values'),
    argumentError([[1, '2']], 'string among the values'),
    argumentError([{ 0: 1 }], 'object among the values'),
    argumentError([floats(2)], 'a tensor among the values'),
    argumentError([[floats(2), floats(2)]], 'a tensor among the values', 'stack'),
    argumentError([1n], 'bigint among the values'),
    argumentError([new BigInt64Array(2)], 'BigInt64Array', 'numbers'),
    argumentError([new DataView(new ArrayBuffer(4))], 'DataView', 'numbers'),
  ],
  full: [
    ...notAShape([undefined, 1], 0),
    ...[undefined, '1', null, [1]].map((value) =>
      argumentError([[2], value], `value ${value === null ? null : value}`, 'a number'),
    ),
    ...notADType([[2], 1], 2),
    ...[Number.NaN, 0.5, 2 ** 31].map((value) =>
      argumentError([[2], value, 'int32'], `value ${value} for int32`, 'an integer', 'round'),
    ),
    argumentError([[2], -1, 'uint8'], 'value -1 for uint8'),
    argumentError([[2], 2, 'bool'], 'value 2 for bool', '0 or 1'),
  ],
  zeros: filled,
  ones: filled,
  zerosLike: likes,
  onesLike: likes,
  indices: [...notAShape([undefined, 0], 0), ...notAnAxis([[2, 3]], 1)],
  arange: [
    argumentError([0, 4, 0], 'step 0', 'a step other than 0'),
    argumentError([0, Number.NaN], 'stop NaN', 'finite'),
    argumentError([0, Number.POSITIVE_INFINITY], 'stop Infinity'),
    argumentError([4], 'stop undefined'),
    argumentError(['0', 4], 'start 0'),
    argumentError([0, 4, 0.5, 'int32'], 'step 0.5 for int32', 'round'),
    dtypeError([0, 4, 1, 'bool'], 'bool'),
    argumentError([-1, 4, 1, 'uint8'], 'start -1 for uint8'),
    argumentError([250, 258, 1, 'uint8'], 'the last value 257 for uint8'),
    argumentError([0, 1, 2 ** 31, 'int32'], `step ${2 ** 31} for int32`),
    ...notADType([0, 4, 1], 3),
  ],
  linspace: [
    argumentError([Number.NaN, 1, 3], 'NaN to 1', 'finite ends'),
    argumentError([0, Number.POSITIVE_INFINITY, 3], 'Infinity'),
    argumentError([0, '1', 3], '1', 'finite ends'),
    ...[-1, 1.5, Number.NaN, undefined].map((count) =>
      argumentError([0, 1, count], `count ${count}`),
    ),
    dtypeError([0, 1, 3, 'int32'], 'int32', 'float32'),
    dtypeError([0, 1, 3, 'bfloat16'], 'bfloat16', 'float32'),
  ],
  eye: [
    ...[-1, 1.5, Number.NaN, '2', undefined].map((rows) => shapeError([rows], `[${rows ?? ''}`)),
    shapeError([2, -1], '[2, -1]'),
    shapeError([2, 1.5], '[2, 1.5]'),
    ...notADType([2, 2], 2),
  ],
  key: [-1, 1.5, Number.NaN, 2 ** 60, '1', undefined].map((value) =>
    argumentError([value], `seed ${value}`, 'an integer'),
  ),
  splitKey: [
    ...notAKey([seed]),
    ...[-1, 1.5, Number.NaN, '2'].map((count) => argumentError([seed, count], `count ${count}`)),
  ],
  randomBits: drawn,
  randomUniform: [
    ...drawn,
    argumentError([seed, [2], { low: 1, high: 1 }], '[1, 1)', 'low < high'),
    argumentError([seed, [2], { low: 2 }], '[2, 1)'),
    argumentError([seed, [2], { low: Number.NaN }], 'NaN'),
    argumentError([seed, [2], { high: Number.POSITIVE_INFINITY }], 'Infinity'),
    argumentError([seed, [2], { low: '-1' }], '-1'),
  ],
  randomNormal: normal,
  truncatedNormal: normal,
}
