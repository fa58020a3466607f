import type { Shape } from '@tensorweft/core'
import {
  argumentError,
  type BadCall,
  type BadCalls,
  dtypeError,
  floats,
  notAnOption,
  notATensor,
  ofDTypes,
  shapeError,
  values,
  withArgument,
} from './bad-call.testing.ts'

const noFloats = ['int32', 'uint8', 'bool'] as const

/** No number of elements per axis of two, nor one for both. */
const notCounts: readonly unknown[] = [0, -1, 1.5, Number.NaN, '2', [1, 0], [2, 1.5]]

/** Sizes of so many spatial axes. */
function spatial(rank: number, size: number): number[] {
  return new Array<number>(rank).fill(size)
}

/** Options of a window that slides over `rank` axes, as the argument at `position`. */
function notAWindow(args: readonly unknown[], position: number, rank: number): BadCall[] {
  const lists = [spatial(rank + 1, 1), spatial(rank - 1, 1)]
  return [
    ...notAnOption(args, position, 'strides', [...notCounts, ...lists]),
    ...notAnOption(args, position, 'dilations', [...notCounts, ...lists]),
    ...notAnOption(args, position, 'padding', ['full', 1, -1, null, [[1]], [[-1, 0]], [[0.5, 0]]]),
    ...notAnOption(args, position, 'padding', [[], [[0, 0, 0]], [['1', 0]], [1, 1, 1]]),
  ]
}

/** Of images and filters; `swapped` has the output channels before the input channels. */
function convolution(rank: number, channels: Shape, wanted: string): BadCall[] {
  const x = floats(1, ...spatial(rank, 5), 4)
  const filters = floats(...spatial(rank, 3), ...channels)
  const args = [x, filters]
  return [
    ...notATensor(args, 0, 'x'),
    ...notATensor(args, 1, 'filters'),
    dtypeError([x, values('float64', ...filters.shape)], 'float32', 'float64', 'cast'),
    dtypeError(
      [values('int32', ...x.shape), values('int32', ...filters.shape)],
      'x is int32',
      'float32',
    ),
    shapeError([floats(...spatial(rank, 5), 4), filters], `rank ${rank + 2}`, 'expandDims'),
    shapeError([x, floats(...spatial(rank, 3), 4)], 'filters are', wanted),
    shapeError([x, floats(...spatial(rank + 1, 3), ...channels)], 'filters are', wanted),
    shapeError([x, floats(...spatial(rank, 3), 7, 7)], '7, 7]', wanted),
    ...notAWindow(args, 2, rank),
    ...notAnOption(args, 2, 'groups', [0, -1, 1.5, 3, Number.NaN, '2', null]),
  ]
}

function forward(rank: number): BadCall[] {
  const large = floats(...spatial(rank, 6), 4, 2)
  const x = floats(1, ...spatial(rank, 5), 4)
  return [
    ...convolution(rank, [4, 2], 'filters [...kernel, 4, outChannels]'),
    shapeError([x, large], '[5', '[6'),
    shapeError([x, floats(...spatial(rank, 3), 4, 2), { groups: 2 }], 'filters [...kernel, 2,'),
    argumentError([x, floats(...spatial(rank, 3), 1, 2), { groups: 4 }], 'groups 4', '4 and 2'),
  ]
}

function transposed(rank: number): BadCall[] {
  const args = [floats(1, ...spatial(rank, 5), 4), floats(...spatial(rank, 3), 2, 4)]
  const strides = 2
  return [
    ...convolution(rank, [2, 4], 'filters [...kernel, outChannels / groups, 4]'),
    shapeError([args[0], floats(...spatial(rank, 3), 4, 2)], 'the output channels before'),
    ...notAnOption(args, 2, 'outputPadding', [2, -1, 0.5, Number.NaN, '1', null], { strides }),
    ...notAnOption(args, 2, 'outputPadding', [[1, 1, 1, 1], []], { strides }),
    shapeError([...args, { padding: spatial(rank, 9).map((n) => [n, n]) }], 'would be left'),
  ]
}

function depthwise(): BadCall[] {
  const args = [floats(1, 5, 5, 4), floats(3, 3, 4, 2)]
  const [x, filters] = args
  return [
    ...notATensor(args, 0, 'x'),
    ...notATensor(args, 1, 'filters'),
    dtypeError([x, values('float64', 3, 3, 4, 2)], 'float32', 'float64', 'cast'),
    dtypeError([values('int32', 1, 5, 5, 4), values('int32', 3, 3, 4, 2)], 'x is int32', 'float32'),
    shapeError([floats(5, 5, 4), filters], 'rank 4', 'expandDims'),
    shapeError([x, floats(3, 4, 2)], '[3, 4, 2]', '[height, width, 4, multiplier]'),
    shapeError([x, floats(3, 3, 1, 4)], '[3, 3, 1, 4]', '[height, width, 4, multiplier]'),
    shapeError([x, floats(6, 6, 4, 2)], '[5, 5]', '[6, 6]'),
    ...notAWindow(args, 2, 2),
  ]
}

function pooling(rank: number): BadCall[] {
  const x = floats(1, ...spatial(rank, 4), 2)
  return [
    ...notATensor([x], 0, 'x'),
    ...ofDTypes([x], 0, noFloats, 'x is', 'float32'),
    shapeError([floats(...spatial(rank, 4), 2)], `rank ${rank + 2}`, 'expandDims'),
    ...notAnOption([x], 1, 'poolSize', [...notCounts, spatial(rank + 1, 2)]),
    ...notAWindow([x], 1, rank),
    shapeError([x, { poolSize: 5 }], '[4', '[5'),
  ]
}

function resizing(): BadCall[] {
  const image = floats(1, 3, 4, 2)
  const size = [5, 6]
  return [
    ...notATensor([image, { size }], 0, 'x'),
    shapeError([floats(3, 4, 2), { size }], 'x is [3, 4, 2]', 'rank 4', 'expandDims'),
    shapeError([floats(1, 0, 4, 2), { size }], '[1, 0, 4, 2]', 'pixels'),
    ...notAnOption([image], 1, 'size', [[5], [5, 6, 7], [0, 6], [-1, 6], [1.5, 6], 5, undefined]),
    argumentError([image, { size: [Number.NaN, 6] }], 'size', 'positive integers'),
    argumentError([image, {}], 'size'),
    argumentError([image], 'size'),
    argumentError(
      withArgument([image], 1, { size, alignCorners: true, halfPixelCenters: true }),
      'alignCorners and halfPixelCenters',
      'one of them',
    ),
  ]
}

export const windowCalls: BadCalls = {
  conv1d: forward(1),
  conv2d: forward(2),
  conv3d: forward(3),
  convTranspose1d: transposed(1),
  convTranspose2d: transposed(2),
  depthwiseConv2d: depthwise(),
  maxPool1d: pooling(1),
  maxPool2d: pooling(2),
  avgPool1d: pooling(1),
  avgPool2d: pooling(2),
  globalAvgPool2d: [
    ...notATensor([floats(1, 2, 2, 3)], 0, 'x'),
    shapeError([floats(2, 2, 3)], 'x is [2, 2, 3]', 'rank 4', 'expandDims'),
  ],
  resizeNearest: resizing(),
  resizeBilinear: [
    ...resizing(),
    ...ofDTypes([floats(1, 3, 4, 2), { size: [5, 6] }], 0, noFloats, 'x is', 'float32'),
  ],
}
