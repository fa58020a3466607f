import type { IndexData } from '@tensorweft/core'

/** An axis as a sum: `axis = axis + Σ factor · part`. */
export interface AxisSum {
  readonly axis: number
  readonly parts: readonly { readonly axis: number; readonly factor: number }[]
}

/** An index after each axis of `sums` is replaced by its sum. */
export function substituteSums(index: IndexData, sums: readonly AxisSum[]): IndexData {
  const terms = index.terms.flatMap((term) => {
    const parts = sums.find(({ axis }) => axis === term.axis)?.parts ?? []
    return [
      term,
      ...parts.map(({ axis, factor }) => ({ axis, coefficient: term.coefficient * factor })),
    ]
  })
  const digits = index.digits.map((digit) => ({ ...digit, of: substituteSums(digit.of, sums) }))
  return { constant: index.constant, terms, digits }
}
