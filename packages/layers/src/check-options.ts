import { Layer, type OptionRule, Tensor } from '@tensorweft/core'
import { isPositiveInteger } from './option-values.ts'

export const positiveInteger: OptionRule = ['a positive integer', isPositiveInteger]

export const integerFrom0: OptionRule = [
  'an integer from 0',
  (n) => Number.isSafeInteger(n) && n >= 0,
]

export const notNegative: OptionRule = ['a finite number from 0', (n) => n >= 0 && n < Infinity]

/** For parts of a whole. */
export const share: OptionRule = ['a number in [0, 1]', (n) => n >= 0 && n <= 1]

/** For parts that may not be all of it. */
export const shareBelow1: OptionRule = ['a number in [0, 1)', (n) => n >= 0 && n < 1]

export const aTensor: OptionRule = ['a tensor', (_, value) => value instanceof Tensor]

export const aLayer: OptionRule = [
  'a layer, such as sequential(a, b)',
  (_, value) => value instanceof Layer,
]

export const anOptimizer: OptionRule = [
  'an optimizer, such as adam()',
  (_, value) => typeof Object(value).update === 'function',
]

/** By what `typeof` gives. */
export const ofType = (type: 'function' | 'string'): OptionRule => [
  `a ${type}`,
  (_, value) => typeof value === type,
]

export const oneOf = (...choices: readonly unknown[]): OptionRule => [
  `one of ${choices.join(', ')}`,
  (_, value) => choices.includes(value),
]

/** What may be left out, too; to be read from the options as they are. */
export const optional = ([wanted, isAcceptable]: OptionRule): OptionRule => [
  wanted,
  (n, value) => value === undefined || isAcceptable(n, value),
]
