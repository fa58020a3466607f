import type { Attribute } from '@tensorweft/core'

/** An attribute that is a list of numbers. */
export function numbersOf(attribute: Attribute | undefined): number[] {
  return Array.isArray(attribute) ? attribute.map(Number) : []
}

/** An attribute that is a list of pairs. */
export function pairsOf(attribute: Attribute | undefined): [number, number][] {
  if (!Array.isArray(attribute)) return []
  return attribute.map((pair) => {
    const [before = 0, after = 0] = numbersOf(pair)
    return [before, after]
  })
}
