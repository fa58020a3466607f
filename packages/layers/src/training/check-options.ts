import { ArgumentError } from '@tensorweft/core'

/** @throws ArgumentError unless `value` is undefined or an integer from `least` on. */
export function checkCount(op: string, name: string, value: number | undefined, least = 1): void {
  if (value === undefined || (Number.isSafeInteger(value) && value >= least)) return
  throw new ArgumentError(op, {
    got: `${name} ${value}`,
    wanted: least === 0 ? 'an integer that is not negative' : `an integer from ${least}`,
  })
}

/** @throws ArgumentError unless `value` is undefined or one of the choices. */
export function checkChoice(
  op: string,
  name: string,
  value: string | undefined,
  choices: readonly string[],
): void {
  if (value === undefined || choices.includes(value)) return
  throw new ArgumentError(op, {
    got: `${name} '${value}'`,
    wanted: `one of ${choices.join(', ')}`,
  })
}
