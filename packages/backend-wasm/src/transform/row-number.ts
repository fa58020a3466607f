import type { DigitData, IndexData } from '@tensorweft/core'

/** An axis of a box, and what its points count in the box's own numbering. */
interface NumberedAxis {
  readonly axis: number
  readonly stride: number
  readonly size: number
}

/** An index that finds the axes of a box in the number of a point, the value of axis `number`. */
export function byNumber(
  index: IndexData,
  axes: readonly NumberedAxis[],
  number: number,
): IndexData {
  const point = { constant: 0, terms: [{ axis: number, coefficient: 1 }], digits: [] }
  const terms = index.terms.flatMap(({ axis, coefficient }) => {
    const found = axes.find((other) => other.axis === axis)
    if (found === undefined) return [{ axis, coefficient }]
    return axes.length === 1 && found.stride === 1 ? [{ axis: number, coefficient }] : []
  })
  const digits = index.terms.flatMap(({ axis, coefficient }): DigitData[] => {
    const found = axes.find((other) => other.axis === axis)
    if (found === undefined || (axes.length === 1 && found.stride === 1)) return []
    const modulus = found === axes[0] ? 0 : found.size
    return [{ of: point, divisor: found.stride, modulus, coefficient }]
  })
  const others = index.digits.map((digit) => ({ ...digit, of: byNumber(digit.of, axes, number) }))
  return { constant: index.constant, terms, digits: [...others, ...digits] }
}
