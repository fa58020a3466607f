import { Layer, type OptionRule, Tensor } from '@tensorweft/core'

export const positiveInteger: OptionRule = [
  'a positive integer',
  (n) => Number.isSafeInteger(n) && n > 0,
]

export const integerFrom0: OptionRule = [
  'an integer from 0',
  (n) => Number.isSafeInteger(n) && n >= 0,
]

export const notNegative: OptionRule = ['a finite number from 0', (n) => n >= 0 && n < Infinity]

export const aLayer: OptionRule = [
  'a layer, such as sequential(a, b)',
  (_, value) => value instanceof Layer,
]

export const anOptimizer: OptionRule = [
  'an optimizer, such as adam()',
  (_, value) => typeof Object(value).update === 'function',
]

export const aTensor: OptionRule = ['a tensor', (_, value) => value instanceof Tensor]

/** What may be left out, too. */
export const optional = ([wanted, isAcceptable]: OptionRule): OptionRule => [
  wanted,
  (n, value) => value === undefined || isAcceptable(n, value),
]

export const share: OptionRule = ['a number in [0, 1]', (n) => n >= 0 && n <= 1]
