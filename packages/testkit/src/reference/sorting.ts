import type { Attributes } from '@tensorweft/core'
import { type Approximation, emptyApproximation } from './approximation.ts'
import { linesAlong } from './lines.ts'

/** Which element of each line comes first, second …: by value, NaN last, equal ones in order. */
export function argSort(x: Approximation, attributes: Attributes): Approximation {
  const result = emptyApproximation(x.shape, 'int32')
  forEachOrder(x, attributes, (line, order) => {
    line.forEach((position, place) => {
      result.values[position] = order[place] ?? 0
    })
    markUncertain(x, line, result)
  })
  return result
}

/** At which place each element stands in the order of its line. */
export function sortRank(x: Approximation, attributes: Attributes): Approximation {
  const result = emptyApproximation(x.shape, 'int32')
  forEachOrder(x, attributes, (line, order) => {
    order.forEach((element, place) => {
      result.values[line[element] ?? 0] = place
    })
    markUncertain(x, line, result)
  })
  return result
}

function forEachOrder(
  x: Approximation,
  { axis, descending }: Attributes,
  visit: (line: readonly number[], order: readonly number[]) => void,
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
    visit(line, order)
  }
}

/** Nothing is known of a line in which two intervals touch and are not both points. */
function markUncertain(x: Approximation, line: readonly number[], result: Approximation): void {
  const ends = line
    .map((position) => ({ value: x.values[position] ?? 0, radius: x.radii[position] ?? 0 }))
    .sort((a, b) => a.value - b.value)
  const isUncertain = ends.some(({ value, radius }, i) => {
    const before = ends[i - 1]
    if (radius === Number.POSITIVE_INFINITY) return true
    if (before === undefined || radius + before.radius === 0) return false
    return !(value - before.value > radius + before.radius)
  })
  if (!isUncertain) return
  for (const position of line) result.radii[position] = Number.POSITIVE_INFINITY
}
