import { ArgumentError } from '../errors.ts'
import { isPlainObject } from '../tree.ts'

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

/**
 * The options of a layer or an optimiser with their defaults.
 *
 * @throws ArgumentError in the name of `op` for what is no object of options, or against a rule.
 * @example
 * ```ts
 * const unit: OptionRule = ['a number in [0, 1]', (n) => n >= 0 && n <= 1]
 * const { rate } = settleOptions<{ rate?: number }, 'rate'>('noise', {}, { rate: [unit, 0.5] })
 * console.log(rate) // 0.5
 * ```
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
