import type { OptionRule } from '@tensorweft/core'
import { isPairOf, isPositiveInteger } from './option-values.ts'

/** One number for both axes of an image, or one for each. */
export type HeightWidth = number | readonly [height: number, width: number]

export const heightWidth: OptionRule = [
  'a positive integer, or [height, width] of them',
  (_, value) => isPositiveInteger(value) || isPairOf(isPositiveInteger, value),
]

/** The number for each axis. */
export function heightAndWidth(value: HeightWidth): readonly [height: number, width: number] {
  return typeof value === 'number' ? [value, value] : value
}
