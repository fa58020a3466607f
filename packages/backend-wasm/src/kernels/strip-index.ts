import type { IndexData } from '@tensorweft/core'

/** Stretches of one length that follow each other along an axis, from one of its points on. */
export interface Strips {
  readonly axis: number
  readonly start: number
  readonly length: number
}

/**
 * An index where an axis counts strips, and another one, if there is any, the points of a strip:
 * else the first point is meant.
 */
export function withStrips(index: IndexData, strips: Strips, pointAxis?: number): IndexData {
  const { axis, start, length } = strips
  const own = index.terms.filter((term) => term.axis === axis)
  const others = index.terms.filter((term) => term.axis !== axis)
  const numbers = own.map(({ coefficient }) => ({ axis, coefficient: coefficient * length }))
  const points = own.flatMap(({ coefficient }) =>
    pointAxis === undefined ? [] : [{ axis: pointAxis, coefficient }],
  )
  return {
    constant: own.reduce((sum, { coefficient }) => sum + coefficient * start, index.constant),
    terms: [...others, ...numbers, ...points],
    digits: index.digits.map((digit) => ({
      ...digit,
      of: withStrips(digit.of, strips, pointAxis),
    })),
  }
}
