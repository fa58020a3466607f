import type { DType } from '../dtype.ts'
import { ShapeError } from '../errors.ts'
import type { Tensor } from '../graph/tensor.ts'
import { formatShape } from '../shape.ts'
import { checkIntegers } from './check-numbers.ts'
import { axisOf } from './reduction.ts'
import { sliceAlong } from './slice.ts'

/**
 * `x` cut along `axis`: into so many equal parts, or into parts of the given sizes.
 *
 * @throws ArgumentError for counts that are none, ShapeError for a wrong axis, for parts that would
 * not be equal and for sizes that do not add up to that of the axis.
 * @example
 * ```ts
 * const [left, right] = split(tensor([1, 2, 3, 4]), 2)
 * const [head, tail] = split(tensor([1, 2, 3, 4]), [1, 3])
 * await head.array() // [1]
 * ```
 */
export function split<D extends DType>(
  x: Tensor<D>,
  sectionsOrSizes: number | readonly number[],
  axis = 0,
): Tensor<D>[] {
  const along = axisOf('split', x, axis)
  const length = x.shape[along] ?? 0
  const sizes =
    typeof sectionsOrSizes === 'number'
      ? equalSizes(sectionsOrSizes, length, along)
      : checkSizes(sectionsOrSizes, length, along)
  let next = 0
  return sizes.map((size) => {
    const start = next
    next += size
    return sliceAlong(x, along, start, size)
  })
}

function equalSizes(sections: number, length: number, axis: number): number[] {
  checkIntegers('split', 'sections', sections, 'a positive integer, or an array of sizes', 1)
  if (length % sections !== 0) {
    throw new ShapeError('split', {
      got: `${sections} sections of axis ${axis} with size ${length}`,
      wanted: 'equal parts',
      hint: 'give the sizes: split(x, [size, …], axis)',
    })
  }
  return Array.from({ length: sections }, () => length / sections)
}

function checkSizes(sizes: readonly number[], length: number, axis: number): readonly number[] {
  checkIntegers('split', 'sizes', sizes, 'non-negative integers')
  const total = sizes.reduce((sum, size) => sum + size, 0)
  if (total !== length) {
    throw new ShapeError('split', {
      got: `sizes ${formatShape(sizes)}, which add up to ${total}, for axis ${axis} with size ${length}`,
      wanted: `sizes that add up to ${length}`,
    })
  }
  return sizes
}
