import type { Attributes } from '@tensorweft/core'
import { type Approximation, emptyApproximation } from './approximation.ts'
import { linesAlong } from './lines.ts'

/** Which element of each line comes first, second …: by value, NaN last, equal ones in order. */
export function argSort(x: Approximation, attributes: Attributes): Approximation {
  const result = emptyApproximation(x.shape, 'int32')
  forEachOrder(x, attributes, (line, order, doubtful) => {
    line.forEach((position, place) => {
      result.values[position] = order[place] ?? 0
      result.radii[position] = doubtful.has(place) ? Number.POSITIVE_INFINITY : 0
    })
  })
  return result
}

/** At which place each element stands in the order of its line. */
export function sortRank(x: Approximation, attributes: Attributes): Approximation {
  const result = emptyApproximation(x.shape, 'int32')
  forEachOrder(x, attributes, (line, order, doubtful) => {
    order.forEach((element, place) => {
      result.values[line[element] ?? 0] = place
      result.radii[line[element] ?? 0] = doubtful.has(place) ? Number.POSITIVE_INFINITY : 0
    })
  })
  return result
}

function forEachOrder(
  x: Approximation,
  { axis, descending }: Attributes,
  visit: (line: readonly number[], order: readonly number[], doubtful: ReadonlySet<number>) => void,
): void {
  const sign = descending === true ? -1 : 1
  for (const line of linesAlong(x.shape, Number(axis))) {
    const values = line.map((position) => x.values[position] ?? Number.NaN)
    const order = values.map((_, i) => i)
    order.sort((i, j) => {
      const [a = 0, b = 0] = [values[i], values[j]]
      const missing = Number(Number.isNaN(a)) - Number(Number.isNaN(b))
      if (missing !== 0 || Number.isNaN(a)) return missing
      return a === b ? 0 : sign * (a < b ? -1 : 1)
    })
    const radii = line.map((position) => x.radii[position] ?? 0)
    visit(line, order, doubtfulPlaces(order, values, radii))
  }
}

/**
 * Places whose elements may change with each other: neighbours in the order whose intervals touch
 * and are not both points. An interval may reach over several neighbours.
 */
function doubtfulPlaces(
  order: readonly number[],
  values: readonly number[],
  radii: readonly number[],
): Set<number> {
  const intervals = order.map((element) => {
    const [value = 0, radius = 0] = [values[element], radii[element]]
    return { value, radius }
  })
  const doubtful = new Set<number>()
  intervals.forEach((a, i) => {
    intervals.forEach((b, j) => {
      if (i === j || a.radius + b.radius === 0) return
      const isApart =
        Math.abs(a.value - b.value) > a.radius + b.radius ||
        (Number.isNaN(a.value) !== Number.isNaN(b.value) &&
          a.radius + b.radius < Number.POSITIVE_INFINITY)
      if (isApart) return
      for (let place = Math.min(i, j); place <= Math.max(i, j); place++) doubtful.add(place)
    })
  })
  return doubtful
}
