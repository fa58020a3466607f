import type { Shape } from '@tensorweft/core'
import type { OpInput } from '../../check-op.ts'

/** Floats between −2 and 2. */
export const of = (...shape: number[]): OpInput => ({ shape })

export const within = (low: number, high: number, ...shape: number[]): OpInput => ({
  shape,
  range: [low, high],
})

export const int32 = (...shape: number[]): OpInput => ({ shape, dtype: 'int32', range: [-9, 9] })

/** Positions in an axis of the given size. */
export const positions = (size: number, ...shape: number[]): OpInput => ({
  shape,
  dtype: 'int32',
  range: [0, size - 1],
})

export const bool = (...shape: number[]): OpInput => ({ shape, dtype: 'bool' })

/** Shapes of every rank from 0 to 6, with axes of size 1 and 0. */
export const shapes: readonly Shape[] = [
  [],
  [1],
  [7],
  [3, 5],
  [2, 1, 4],
  [2, 3, 1, 2, 1, 2],
  [0, 3],
]

/** Shapes that broadcast together. */
export const pairs: readonly (readonly [Shape, Shape])[] = [
  [[], []],
  [[4], []],
  [[3, 4], [4]],
  [
    [3, 1],
    [1, 4],
  ],
  [
    [2, 1, 3, 1],
    [5, 1, 2],
  ],
  [[0, 3], [3]],
]
