import type { Attributes, Shape } from '@tensorweft/core'
import { type Approximation, emptyApproximation } from './approximation.ts'
import { numbersOf } from './attributes.ts'
import { deviation } from './rounding.ts'
import { Summations } from './summation.ts'
import { sights, spatialSize } from './window-sights.ts'

/** Calls `visit` with positions of output and input elements and the tap by which they meet. */
function forEachSight(
  input: Shape,
  output: Shape,
  attributes: Attributes,
  visit: (input: number, output: number, tap: number) => void,
): void {
  const kernel = numbersOf(attributes.kernel)
  const all = sights(input.slice(1, -1), output.slice(1, -1), kernel, attributes)
  const [inputSize, outputSize] = [spatialSize(input), spatialSize(output)]
  const channels = input.at(-1) ?? 0
  for (let n = 0; n < (input[0] ?? 0); n++) {
    for (const sight of all) {
      for (let c = 0; c < channels; c++) {
        visit(
          (n * inputSize + sight.input) * channels + c,
          (n * outputSize + sight.output) * channels + c,
          sight.tap,
        )
      }
    }
  }
}

export function windowSum(x: Approximation, shape: Shape, attributes: Attributes): Approximation {
  const sums = new Summations(shape, x.dtype)
  forEachSight(x.shape, shape, attributes, (from, to) => {
    sums.at(to).add(x.values[from] ?? 0, x.radii[from] ?? 0)
  })
  return sums.result
}

export function windowSpread(dy: Approximation, shape: Shape, attributes: Attributes) {
  const sums = new Summations(shape, dy.dtype)
  forEachSight(shape, dy.shape, attributes, (to, from) => {
    sums.at(to).add(dy.values[from] ?? 0, dy.radii[from] ?? 0)
  })
  return sums.result
}

export function windowMax(x: Approximation, shape: Shape, attributes: Attributes): Approximation {
  const result = emptyApproximation(shape, x.dtype)
  const [low, high] = [
    new Float64Array(result.values.length),
    new Float64Array(result.values.length),
  ]
  for (const bound of [result.values, low, high]) bound.fill(Number.NEGATIVE_INFINITY)
  forEachSight(x.shape, shape, attributes, (from, to) => {
    const [value = 0, radius = 0] = [x.values[from], x.radii[from]]
    if (radius === Number.POSITIVE_INFINITY) result.radii[to] = radius
    result.values[to] = Math.max(result.values[to] ?? 0, value)
    low[to] = Math.max(low[to] ?? 0, value - radius)
    high[to] = Math.max(high[to] ?? 0, value + radius)
  })
  result.values.forEach((value, i) => {
    result.radii[i] = Math.max(result.radii[i] ?? 0, deviation(value, [low[i] ?? 0, high[i] ?? 0]))
  })
  return result
}

/** The first tap whose element may be the maximum; in doubt if there are several. */
export function windowChoice(
  x: Approximation,
  y: Approximation,
  attributes: Attributes,
): Approximation {
  const result = emptyApproximation(y.shape, 'int32')
  const none = numbersOf(attributes.kernel).reduce((size, n) => size * n, 1)
  result.values.fill(none)
  forEachSight(x.shape, y.shape, attributes, (from, to, tap) => {
    const radius = (x.radii[from] ?? 0) + (y.radii[to] ?? 0)
    const distance = Math.abs((x.values[from] ?? 0) - (y.values[to] ?? 0))
    const isSame = x.values[from] === y.values[to]
    if (!isSame && !(distance <= radius)) return
    const isFirst = result.values[to] === none
    if (isFirst) result.values[to] = tap
    // An element that may be anything may be NaN, which no tap holds.
    if (isFirst ? radius === Number.POSITIVE_INFINITY : radius > 0) {
      result.radii[to] = Number.POSITIVE_INFINITY
    }
  })
  return result
}

export function windowScatter(
  choice: Approximation,
  dy: Approximation,
  shape: Shape,
  attributes: Attributes,
): Approximation {
  const sums = new Summations(shape, dy.dtype)
  forEachSight(shape, dy.shape, attributes, (to, from, tap) => {
    const [value = 0, radius = 0] = [dy.values[from], dy.radii[from]]
    const isChosen = choice.values[from] === tap
    const isInDoubt = choice.radii[from] !== 0
    if (isChosen || isInDoubt) {
      sums.at(to).add(isChosen ? value : 0, radius + (isInDoubt ? Math.abs(value) : 0))
    }
  })
  return sums.result
}

export function windowPick(
  choice: Approximation,
  x: Approximation,
  shape: Shape,
  attributes: Attributes,
): Approximation {
  const sums = new Summations(shape, x.dtype)
  forEachSight(x.shape, shape, attributes, (from, to, tap) => {
    if (choice.radii[to] !== 0) sums.at(to).add(0, Number.POSITIVE_INFINITY)
    else if (choice.values[to] === tap) sums.at(to).add(x.values[from] ?? 0, x.radii[from] ?? 0)
  })
  return sums.result
}
