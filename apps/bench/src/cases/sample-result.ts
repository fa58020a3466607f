import type { Contender } from '../subject.ts'

/** A contender whose result is what stands at some places of the `length` numbers it computes. */
export function sampleResult(contender: Contender, length: number, places: Int32Array): Contender {
  return {
    ...contender,
    async result() {
      const values = await contender.result()
      // A result of the wrong size fails the comparison by its count of numbers.
      if (values.length !== length) return []
      return Array.from(places, (place) => values[place] ?? Number.NaN)
    },
  }
}
