import { ArgumentError } from '@tensorweft/core'

/** Throws ArgumentError in the name of `owner` unless the option is acceptable or left out. */
export function checkOption(
  owner: string,
  name: string,
  value: number | undefined,
  wanted: string,
  isAcceptable: (value: number) => boolean,
): void {
  if (value === undefined || isAcceptable(value)) return
  throw new ArgumentError(owner, { got: `${name} ${value}`, wanted })
}

/** For factors of moving averages. */
export function checkDecay(owner: string, name: string, value: number): void {
  checkOption(owner, name, value, 'a number in [0, 1)', (decay) => decay >= 0 && decay < 1)
}

/** For limits and small terms that have to be positive. */
export function checkPositive(owner: string, name: string, value: number | undefined): void {
  checkOption(owner, name, value, 'a positive number', (number) => number > 0)
}

/** For rates, penalties and what sums start from. */
export function checkNotNegative(owner: string, name: string, value: number | undefined): void {
  checkOption(
    owner,
    name,
    value,
    'a finite number that is not negative',
    (number) => Number.isFinite(number) && number >= 0,
  )
}

/** For parts of a whole. */
export function checkShare(owner: string, name: string, value: number): void {
  checkOption(owner, name, value, 'a number in [0, 1]', (share) => share >= 0 && share <= 1)
}

/** For numbers of steps. */
export function checkStepCount(owner: string, name: string, value: number): void {
  checkOption(
    owner,
    name,
    value,
    'a positive integer below 2^31',
    (count) => Number.isInteger(count) && count > 0 && count < 2 ** 31,
  )
}
