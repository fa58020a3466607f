import type { OptionRule } from '@tensorweft/core'

/** For factors of moving averages. */
export const decay: OptionRule = ['a number in [0, 1)', (n) => n >= 0 && n < 1]

/** For limits and small terms that have to be positive. */
export const positive: OptionRule = ['a positive number', (n) => n > 0]

/** For penalties, rates of a schedule and what sums start from. */
export const notNegative: OptionRule = ['a finite number from 0', (n) => n >= 0 && n < Infinity]

/** For learning rates. */
export const rate: OptionRule = [
  `${notNegative[0]}, or a schedule`,
  (n, value) => notNegative[1](n, value) || typeof value === 'function',
]

/** For parts of a whole. */
export const share: OptionRule = ['a number in [0, 1]', (n) => n >= 0 && n <= 1]

/** For numbers of steps. */
export const stepCount: OptionRule = [
  'a positive integer below 2^31',
  (n) => Number.isInteger(n) && n > 0 && n < 2 ** 31,
]
