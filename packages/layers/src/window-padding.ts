import type { OptionRule } from '@tensorweft/core'
import { integerFrom0 } from './check-options.ts'
import { isPairOf } from './option-values.ts'

const [, isSize] = integerFrom0

/** Of windows over images: core's `WindowPadding`, with two axes. */
export const windowPadding: OptionRule = [
  "'valid', 'same' or [[top, bottom], [left, right]]",
  (_, value) =>
    value === 'valid' ||
    value === 'same' ||
    isPairOf((pair) => isPairOf((n) => isSize(n, n), pair), value),
]
