import { ArgumentError, formatShape } from '@tensorweft/core'
import { isPositiveInteger } from './check-options.ts'

/** One number for both axes of an image, or one for each. */
export type HeightWidth = number | readonly [height: number, width: number]

/** The number for each axis. Throws ArgumentError unless they are positive integers. */
export function heightAndWidth(op: string, name: string, value: HeightWidth): [number, number] {
  const given: readonly number[] = typeof value === 'number' ? [value, value] : value
  const [height, width] = given
  if (given.length === 2 && isPositiveInteger(height) && isPositiveInteger(width)) {
    return [height, width]
  }
  throw new ArgumentError(op, {
    got: `${name} ${typeof value === 'number' ? value : formatShape(value)}`,
    wanted: 'a positive integer, or [height, width] of them',
  })
}
