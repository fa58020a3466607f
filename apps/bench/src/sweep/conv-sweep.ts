import { convolutionName } from '../cases/convolution.ts'
import type { ConvolutionDirection, ConvolutionSizes } from '../problems/convolution.ts'
import { alignedSizes, withAligned } from './aligned.ts'
import type { Sweep, SweepShape } from './sweep.ts'

const base: ConvolutionSizes = {
  batch: 32,
  height: 16,
  width: 16,
  channels: 32,
  filters: 32,
  stride: 1,
}
const directions: readonly ConvolutionDirection[] = ['forward', 'by-input', 'by-filters']
const widths = withAligned([3, 5, 7, 9, 11, 13, 14, 15, 17, 23, 25, 28, 29, 31, 33])
const strides = [1, 2, 3]
const channels = withAligned([1, 2, 3, 4, 5, 7, 9, 12, 13, 15, 17, 31, 33, 63, 65])

export const convSweep: Sweep = {
  name: 'conv-sweep',
  summary: 'convolutions of 3×3 and both gradients: widths with strides 1 to 3, channels, filters',
  shapes: directions.flatMap((direction) => [
    ...strides.flatMap((stride) => vary(direction, { ...base, stride }, 'width', widths)),
    ...vary(direction, base, 'channels', channels),
    ...vary(direction, base, 'filters', channels),
  ]),
}

/** Shapes that differ in one size; a neighbour of a strided one is also the one without strides. */
function vary(
  direction: ConvolutionDirection,
  sizes: ConvolutionSizes,
  name: 'width' | 'channels' | 'filters',
  values: readonly number[],
): SweepShape[] {
  return values.map((value) => {
    const at = (other: number, stride = sizes.stride) =>
      convolutionName(direction, { ...sizes, [name]: other, stride })
    const unstrided = sizes.stride === 1 ? [] : [at(value, 1)]
    return {
      case: at(value),
      neighbours: [...alignedSizes(value).map((aligned) => at(aligned)), ...unstrided],
    }
  })
}
