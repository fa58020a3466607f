import { eye, formatShape, ShapeError } from '@tensorweft/core'
import type { Initializer } from './initializer.ts'

export interface GainOptions {
  /** Factor of the result, by default 1. */
  readonly gain?: number
}

/**
 * The identity matrix times `gain`, for weights [rows, columns].
 *
 * @throws ShapeError from the initialiser for shapes of another rank.
 */
export function identity({ gain = 1 }: GainOptions = {}): Initializer {
  return (shape) => {
    const [rows, columns] = shape
    if (rows === undefined || columns === undefined || shape.length !== 2) {
      throw new ShapeError('identity', {
        got: `weights ${formatShape(shape)}`,
        wanted: 'rank 2: [rows, columns]',
      })
    }
    return eye(rows, columns).mul(gain)
  }
}
