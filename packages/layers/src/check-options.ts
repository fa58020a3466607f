import { ArgumentError } from '@tensorweft/core'

/** @throws ArgumentError unless the option is acceptable. */
export function checkOption(
  op: string,
  name: string,
  value: unknown,
  isAcceptable: boolean,
  wanted: string,
): void {
  if (!isAcceptable) throw new ArgumentError(op, { got: `${name} ${value}`, wanted })
}

/** @throws ArgumentError unless `value` is undefined or an integer from `least` on. */
export function checkCount(op: string, name: string, value: number | undefined, least = 1): void {
  const isCount = value === undefined || (Number.isSafeInteger(value) && value >= least)
  checkOption(op, name, value, isCount, `an integer from ${least}`)
}

/** @throws ArgumentError unless `value` is undefined or one of the choices. */
export function checkChoice(
  op: string,
  name: string,
  value: string | undefined,
  choices: readonly string[],
): void {
  const isChoice = value === undefined || choices.includes(value)
  checkOption(op, name, `'${value}'`, isChoice, `one of ${choices.join(', ')}`)
}

export function isPositiveInteger(value: number | undefined): value is number {
  return Number.isSafeInteger(value) && Number(value) > 0
}

/** @throws ArgumentError unless the option is a positive integer. */
export function checkPositiveInteger(op: string, name: string, value: number): void {
  checkOption(op, name, value, isPositiveInteger(value), 'a positive integer')
}
