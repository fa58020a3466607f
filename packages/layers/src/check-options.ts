import { ArgumentError, Layer } from '@tensorweft/core'

/** What an option may be, in words and as a test. What is no number is NaN to the test. */
export type OptionRule = readonly [
  wanted: string,
  isAcceptable: (n: number, value: unknown) => boolean,
]

/** The rule of each option and its default; an option without one is required. */
export type OptionTable<Options, Name extends keyof Options> = {
  readonly [N in Name]: readonly [rule: OptionRule, byDefault?: Options[N]]
}

/** Options of which those with these names are there. */
export type SettledOptions<Options, Name extends keyof Options> = Options & {
  readonly [N in Name]-?: Exclude<Options[N], undefined>
}

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

/** Whether `value` is an object of its own entries rather than an instance of a class. */
export function isPlainObject(value: unknown): value is object {
  return Boolean(value) && [Object, undefined].includes(Object(value).constructor)
}

/** Throws ArgumentError in the name of `op` for what the rule does not accept. */
export function checkOption(
  op: string,
  name: string,
  value: unknown,
  [wanted, isAcceptable]: OptionRule,
): void {
  if (isAcceptable(typeof value === 'number' ? value : Number.NaN, value)) return
  throw new ArgumentError(op, { got: `${name} ${describe(value)}`, wanted })
}

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

/**
 * The options with their defaults.
 *
 * @throws ArgumentError in the name of `op` for what is no object of options, or against a rule.
 */
export function settleOptions<Options extends object, Name extends keyof Options & string>(
  op: string,
  options: Options,
  table: OptionTable<Options, Name>,
): SettledOptions<Options, Name> {
  const names = Object.keys(table).join(', ')
  checkOption(op, 'options', options, [`{ ${names} }`, (_, value) => isPlainObject(value)])
  const settled: { [N in Name]?: Options[N] | undefined } = {}
  for (const name in table) {
    const [rule, byDefault] = table[name]
    const { [name]: value = byDefault } = options
    checkOption(op, name, value, rule)
    settled[name] = value
  }
  return { ...options, ...settled } as SettledOptions<Options, Name>
}

function describe(value: unknown): string {
  if (typeof value === 'string') return `'${value}'`
  if (Array.isArray(value)) return `[${value.map(describe).join(', ')}]`
  return value === Object(value) ? typeof value : String(value)
}
