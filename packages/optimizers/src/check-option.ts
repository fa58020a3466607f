import { ArgumentError } from '@tensorweft/core'

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

/** Whether `value` is an object of its own entries rather than an instance of a class. */
function isPlainObject(value: unknown): value is object {
  return Boolean(value) && [Object, undefined].includes(Object(value).constructor)
}

/** Throws ArgumentError in the name of `owner` for what the rule does not accept. */
export function checkOption(
  owner: string,
  name: string,
  value: unknown,
  [wanted, isAcceptable]: OptionRule,
): void {
  if (isAcceptable(typeof value === 'number' ? value : Number.NaN, value)) return
  throw new ArgumentError(owner, { got: `${name} ${describe(value)}`, wanted })
}

/**
 * The options with their defaults.
 *
 * @throws ArgumentError in the name of `owner` for what is no object of options, or against a rule.
 */
export function settleOptions<Options extends object, Name extends keyof Options & string>(
  owner: string,
  options: Options,
  table: OptionTable<Options, Name>,
): SettledOptions<Options, Name> {
  const names = Object.keys(table).join(', ')
  checkOption(owner, 'options', options, [`{ ${names} }`, (_, value) => isPlainObject(value)])
  const settled: { [N in Name]?: Options[N] | undefined } = {}
  for (const name in table) {
    const [rule, byDefault] = table[name]
    const { [name]: value = byDefault } = options
    checkOption(owner, name, value, rule)
    settled[name] = value
  }
  return { ...options, ...settled } as SettledOptions<Options, Name>
}

function describe(value: unknown): string {
  if (typeof value === 'string') return `'${value}'`
  if (Array.isArray(value)) return `[${value.map(describe).join(', ')}]`
  return value === Object(value) ? typeof value : String(value)
}
