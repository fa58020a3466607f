import {
  argumentError,
  type BadCall,
  type BadCalls,
  dtypeError,
  floats,
  notAnAxis,
  notATensor,
  notAxes,
  shapeError,
  values,
} from './bad-call.testing.ts'

const x = floats(2, 3)

const shapes: BadCalls = {
  reshape: [
    ...notATensor([x, [6]], 0, 'x'),
    shapeError([x, [4]], '[2, 3] with 6 elements', '[4]'),
    shapeError([x, [-1, 4]], '[-1, 4]'),
    shapeError([x, [-1, -1]], 'at most one size is −1'),
    shapeError([x, [-2, -3]], '[-2, -3]'),
    shapeError([x, [1.5, 4]], '[1.5, 4]'),
    shapeError([x, [Number.NaN, 6]], '[NaN, 6]'),
    shapeError([floats(0, 3), [-1, 0]], '[-1, 0]'),
    shapeError([x, 6], 'shape is 6'),
    shapeError([x, undefined], 'shape is undefined'),
    shapeError([x, ['6']], '6'),
  ],
  expandDims: [
    ...notATensor([x, 0], 0, 'x'),
    ...notAnAxis([x], 1, 3),
    shapeError([x], 'axis undefined'),
  ],
  squeeze: [
    ...notATensor([floats(1, 3)], 0, 'x'),
    ...notAxes([floats(1, 1)], 1),
    shapeError([x, 1], 'axis 1 of [2, 3] with size 3', 'axes of size 1'),
    shapeError([x, [-2]], 'axis 0 of [2, 3] with size 2'),
  ],
  broadcastTo: [
    ...notATensor([x, [2, 3]], 0, 'x'),
    shapeError([x, [2, 4]], '[2, 3]', '[2, 4]'),
    shapeError([x, [3]], '[2, 3]', '[3]'),
    shapeError([x, [-1, 2, 3]], '[-1, 2, 3]'),
    shapeError([x, [1.5, 2, 3]], '[1.5, 2, 3]'),
    shapeError([floats(1), [Number.NaN]], '[NaN]'),
    shapeError([x, 6], '6'),
    shapeError([x], 'undefined'),
  ],
  transpose: [
    ...notATensor([x], 0, 'x'),
    ...[[0], [0, 0], [0, 2], [0, -1, 1], [0.5, 1], [Number.NaN, 0], [1, -3]].map((permutation) =>
      shapeError([x, permutation], `[${permutation.join(', ')}]`, 'rank 2', 'each axis once'),
    ),
    shapeError([x, 1], 'permutation 1', 'each axis once'),
  ],
  flip: [...notATensor([x], 0, 'x'), ...notAxes([x], 1)],
}

/** Of functions that take a list of tensors. */
const parts: readonly BadCall[] = [
  argumentError([undefined], 'no array'),
  argumentError([x, x], 'no array', '([a, b])'),
  argumentError([[]], 'no tensors', 'at least one'),
  argumentError([[x, undefined]], 'tensors[1] is undefined'),
  argumentError([[[1, 2], x]], 'tensors[0] is an array'),
  argumentError([[1, x]], 'tensors[0] is number'),
  dtypeError([[x, values('int32', 2, 3)]], 'float32', 'int32', 'cast'),
]

const joints: BadCalls = {
  concat: [
    ...parts,
    ...notAnAxis([[x, x]], 1),
    shapeError([[x, floats(2, 2)]], '[2, 3]', '[2, 2]', 'axis 0'),
    shapeError([[x, x, floats(3)], 1], 'tensors[2] is [3]', 'axis 1'),
    shapeError([[floats(), floats()]], 'a scalar has none'),
  ],
  stack: [
    ...parts,
    ...notAnAxis([[x, x]], 1, 3),
    shapeError([[x, floats(2, 1)]], '[2, 3]', '[2, 1]', 'concat'),
  ],
  split: [
    ...notATensor([x, 2], 0, 'x'),
    ...notAnAxis([x, [1, 1]], 2),
    ...[0, -1, 1.5, Number.NaN].map((sections) =>
      argumentError([x, sections], `sections ${sections}`),
    ),
    argumentError([x, undefined], 'undefined'),
    argumentError([x, '2'], '2'),
    shapeError([x, 2, 1], '2 sections of axis 1 with size 3'),
    shapeError([x, [1, 2]], '[1, 2], which add up to 3', 'axis 0 with size 2'),
    argumentError([x, [3, -1]], 'sizes [3, -1]'),
    argumentError([x, [0.5, 1.5]], '[0.5, 1.5]'),
    argumentError([x, [Number.NaN, 2]], '[NaN, 2]'),
  ],
}

const blocks: BadCalls = {
  slice: [
    ...notATensor([x, [0, 0], [1, 1]], 0, 'x'),
    shapeError([x, [0, 2], [2, 2]], 'begin [0, 2] and size [2, 2] for x [2, 3]'),
    shapeError([x, [0, 0], [3, 3]], 'size [3, 3]', 'a block within x'),
    shapeError([x, [-1, 0], [1, 1]], 'begin [-1, 0]'),
    shapeError([x, [0, 0], [1, -2]], 'size [1, -2]'),
    shapeError([x, [0, 4], [1, -1]], 'begin [0, 4]'),
    shapeError([x, [0.5, 0], [1, 1]], 'begin [0.5, 0]'),
    shapeError([x, [0, 0], [1, Number.NaN]], 'size [1, NaN]'),
    shapeError([x, [0], [1, 1]], 'begin [0]', 'one begin and one size per axis'),
    shapeError([x, [0, 0], [1]], 'size [1]'),
    shapeError([x, [0, 0, 0], [1, 1, 1]], 'begin [0, 0, 0]'),
    shapeError([x, 0, [1, 1]], 'begin 0'),
    shapeError([x, [0, 0]], 'size undefined'),
  ],
  stridedSlice: [
    ...notATensor([x, [0, 0], [1, 1]], 0, 'x'),
    shapeError([x, [0], [1, 1]], 'begin [0] for a tensor of rank 2', 'null'),
    shapeError([x, [0, 0], [1]], 'end [1]'),
    shapeError([x, [0, 0], [1, 1], [1]], 'strides [1]'),
    shapeError([x, 0, [1, 1]], 'begin 0'),
    shapeError([x, [0, 0]], 'end undefined'),
    argumentError([x, [0, 0], [1, 1], [1, 0]], 'strides [1, 0]', 'other than 0'),
    argumentError([x, [0.5, 0], [1, 1]], '0.5 in begin', 'integers'),
    argumentError([x, [0, 0], [1, Number.NaN]], 'NaN in end'),
    argumentError([x, [0, 0], [1, 1], [1, 1.5]], '1.5 in strides'),
  ],
  pad: [
    ...notATensor([x, [[0, 0], [1, 1]]], 0, 'x'), // biome-ignore format: one case a line
    argumentError([x.cast('int32'), pairs([1, 1], [0, 0]), 0.5], 'fill 0.5 for int32', 'round'),
    shapeError([x, [[1, 1]]], '1 paddings for a tensor of rank 2'),
    argumentError([x, pairs([1, -1], [0, 0])], '[1, -1]', 'slice'),
    argumentError([x, pairs([1, 0.5], [0, 0])], '[1, 0.5]'),
    argumentError([x, pairs([1, Number.NaN], [0, 0])], '[1, NaN]'),
    argumentError([x, pairs([1], [0, 0])], '[1]', '[before, after]'),
    argumentError([x, [1, 1]], '1', '[before, after]'),
    shapeError([x, 1], '[before, after]'),
    argumentError([x, pairs([0, 1], [0, 0]), 'wrap'], 'fill wrap', "'reflect' or 'edge'"),
    argumentError([x, pairs([0, 1], [0, 0]), null], 'fill null'),
    shapeError([x, pairs([2, 0], [0, 0]), 'reflect'], 'axis 0 of [2, 3]', 'at most 1'),
    shapeError([floats(0, 3), pairs([1, 0], [0, 0]), 'edge'], '[0, 3]', 'with elements'),
  ],
  tile: [
    ...notATensor([x, [1, 2]], 0, 'x'),
    shapeError([x, [2]], 'reps [2] for a tensor of rank 2'),
    shapeError([x, 2], 'reps 2'),
    shapeError([x], 'reps undefined'),
    argumentError([x, [1, -1]], 'reps [1, -1]'),
    argumentError([x, [1, 1.5]], '[1, 1.5]'),
    argumentError([x, [Number.NaN, 1]], '[NaN, 1]'),
  ],
  roll: [
    ...notATensor([x, 1, 0], 0, 'x'),
    ...notAxes([x, [1, 1]], 2).filter(({ args: [, , axes] }) => Array.isArray(axes)),
    ...notAnAxis([x, 1], 2),
    argumentError([x, [1, 1], 0], 'shifts [1, 1] for axes [0]', 'one integer per axis'),
    argumentError([x, 0.5, 0], '[0.5]'),
    argumentError([x, Number.NaN, 0], '[NaN]'),
    argumentError([x, undefined, 0], 'undefined'),
    shapeError([x, 1], 'axis undefined'),
  ],
}

function pairs(...paddings: readonly (readonly number[])[]): readonly (readonly number[])[] {
  return paddings
}

const triangle: readonly BadCall[] = [
  ...notATensor([x], 0, 'x'),
  shapeError([floats(3)], 'x is [3]', 'at least two axes'),
  ...[0.5, Number.NaN, '1', null].map((k) => argumentError([x, k], `k ${String(k)}`, 'an integer')),
]

export const movementCalls: BadCalls = {
  ...shapes,
  ...joints,
  ...blocks,
  tril: triangle,
  triu: triangle,
}
