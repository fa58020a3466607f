import { checkOption, Layer, type OptionRule } from '@tensorweft/core'

export function isPositiveInteger(value: unknown): value is number {
  return Number.isSafeInteger(value) && Number(value) > 0
}

export function isPairOf(isPart: (part: number) => boolean, value: unknown): boolean {
  return Array.isArray(value) && value.length === 2 && value.every(isPart)
}

export const positiveInteger: OptionRule = ['a positive integer', isPositiveInteger]

export const integerFrom0: OptionRule = [
  'an integer from 0',
  (n) => Number.isSafeInteger(n) && n >= 0,
]

export const notNegative: OptionRule = ['a finite number from 0', (n) => n >= 0 && n < Infinity]

/** By what `typeof` gives. */
export const ofType = (type: 'function' | 'string'): OptionRule => [
  `a ${type}`,
  (_, value) => typeof value === type,
]

export const aLayer: OptionRule = [
  'a layer, such as sequential(a, b)',
  (_, value) => value instanceof Layer,
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

/** What an option names. Throws ArgumentError in the name of `op` for other names. */
export function lookUp<Name extends string, T>(
  op: string,
  option: string,
  name: Name,
  byName: Readonly<Record<Name, T>>,
): T {
  const names = Object.keys(byName)
  const wanted = `one of ${names.join(', ')}, or a function`
  checkOption(op, option, name, [wanted, () => names.includes(name)])
  return byName[name]
}
