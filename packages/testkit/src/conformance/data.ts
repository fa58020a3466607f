import {
  createTypedArray,
  type DType,
  isFloat,
  type Shape,
  sizeOf,
  type TypedArray,
} from '@tensorweft/core'
import { seededRandom } from '../plans/random.ts'

/** Small integers, whose sums and products floats hold exactly; 0 and 1 for bools. */
export function integerData(dtype: DType, size: number, seed = 1): TypedArray {
  const random = seededRandom(seed)
  const values = createTypedArray<DType>(dtype, size)
  const [low, count] = dtype === 'bool' ? [0, 2] : dtype === 'uint8' ? [0, 7] : [-3, 7]
  for (let i = 0; i < size; i++) values[i] = low + Math.floor(random() * count)
  return values
}

/** Integers from `low` to before `high`, to choose elements with. */
export function targetData(size: number, low: number, high: number, seed = 1): Int32Array {
  const random = seededRandom(seed)
  return Int32Array.from({ length: size }, () => low + Math.floor(random() * (high - low)))
}

/** Numbers between `low` and `high`, all different and evenly apart, in a random order. */
function spacedData(shape: Shape, [low, high]: readonly [number, number], seed = 1): Float64Array {
  const size = sizeOf(shape)
  const random = seededRandom(seed)
  const cells = Array.from({ length: size }, (_, i) => i)
  for (let i = size - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1))
    const [a = 0, b = 0] = [cells[i], cells[j]]
    cells[i] = b
    cells[j] = a
  }
  return Float64Array.from(cells, (cell) => {
    const position = (cell + 0.3 + 0.4 * random()) / size
    // Float32 holds them all, so that every backend starts from the same numbers.
    return Math.fround(low + (high - low) * position)
  })
}

/** Values for an input of an op. */
export function sampleData(
  dtype: DType,
  shape: Shape,
  range: readonly [number, number] = [-2, 2],
  seed = 1,
): TypedArray {
  if (dtype === 'bool') return integerData(dtype, sizeOf(shape), seed)
  const values = createTypedArray<DType>(dtype, sizeOf(shape))
  const spaced = spacedData(shape, range, seed)
  values.set(isFloat(dtype) ? spaced : spaced.map(Math.round))
  return values
}
