import { type CallSample, sample, valuesOnly } from './call-sample.ts'
import { int32, of } from './inputs.ts'

const transposed: readonly CallSample[] = [
  sample('convTranspose1d', [of(2, 4, 3), of(3, 2, 3)]),
  sample('convTranspose1d', [of(1, 4, 2), of(3, 3, 2)], { strides: 2, padding: 'same' }),
  sample('convTranspose1d', [of(1, 3, 4), of(2, 1, 4)], { strides: 3, groups: 2 }),
  sample('convTranspose1d', [of(1, 4, 1), of(2, 2, 1)], { dilations: 2, padding: [[1, 0]] }),
  sample('convTranspose2d', [of(1, 3, 4, 2), of(3, 2, 3, 2)]),
  sample('convTranspose2d', [of(1, 3, 2, 2), of(3, 3, 1, 2)], { strides: 2, padding: 'same' }),
  sample('convTranspose2d', [of(1, 2, 3, 1), of(2, 3, 2, 1)], {
    strides: [2, 3],
    outputPadding: [1, 0],
  }),
  sample('convTranspose2d', [of(1, 3, 3, 4), of(2, 2, 1, 4)], { dilations: [1, 2], groups: 2 }),
]

const depthwise: readonly CallSample[] = [
  sample('depthwiseConv2d', [of(1, 4, 5, 2), of(3, 2, 2, 1)], { padding: 'same' }),
  sample('depthwiseConv2d', [of(2, 5, 4, 2), of(2, 2, 2, 3)], { strides: 2 }),
  sample('depthwiseConv2d', [of(1, 6, 5, 3), of(2, 2, 3, 2)], { dilations: [2, 1] }),
]

const sizes = [
  { size: [6, 8] },
  { size: [2, 3] },
  { size: [5, 2], halfPixelCenters: true },
  { size: [7, 6], alignCorners: true },
] as const

const resized: readonly CallSample[] = [
  ...(['resizeNearest', 'resizeBilinear'] as const).flatMap((op) =>
    sizes.map((options) => sample(op, [of(1, 3, 4, 2)], options)),
  ),
  valuesOnly('resizeNearest', [int32(2, 3, 3, 1)], { size: [5, 4] }),
  sample('resizeBilinear', [of(2, 1, 1, 2)], { size: [3, 2] }),
]

export const windowSamples: readonly CallSample[] = [
  ...transposed,
  ...depthwise,
  ...resized,
  sample('globalAvgPool2d', [of(2, 3, 4, 2)]),
  sample('globalAvgPool2d', [of(1, 1, 1, 3)]),
]
