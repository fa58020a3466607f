import { ArgumentError } from '../errors.ts'
import { formatShape } from '../shape.ts'

/** Whether `list` is an array with an entry per axis. */
export function isPerAxis(list: unknown, rank: number): boolean {
  return Array.isArray(list) && list.length === rank
}

/** Throws ArgumentError unless all values are integers from `low` to `high`, which `wanted` says. */
export function checkIntegers(
  op: string,
  name: string,
  values: number | readonly number[],
  wanted: string,
  low = 0,
  high: number = Number.MAX_SAFE_INTEGER,
): void {
  const isValid = (n: number) => Number.isInteger(n) && n >= low && n <= high
  if ([values].flat().every(isValid)) return
  const got = typeof values === 'object' ? formatShape(values) : values
  throw new ArgumentError(op, { got: `${name} ${got}`, wanted })
}

/** Throws ArgumentError unless `value` is a finite number from `low` to `high`. */
export function checkNumber(
  op: string,
  name: string,
  value: number,
  low: number = -Number.MAX_VALUE,
  high: number = Number.MAX_VALUE,
): void {
  if (typeof value === 'number' && value >= low && value <= high) return
  const range = high === Number.MAX_VALUE ? `a number from ${low}` : `from ${low} to ${high}`
  const wanted = low === -Number.MAX_VALUE ? 'a finite number' : range
  throw new ArgumentError(op, { got: `${name} ${String(value)}`, wanted })
}

/** Throws ArgumentError unless `groups` is a positive integer that divides all numbers of channels. */
export function checkGroups(op: string, groups: number, ...channels: readonly number[]): void {
  if (Number.isInteger(groups) && groups > 0 && channels.every((n) => n % groups === 0)) return
  throw new ArgumentError(op, {
    got: `groups ${groups} for ${channels.join(' and ')} channels`,
    wanted: 'a positive integer that divides them',
  })
}
