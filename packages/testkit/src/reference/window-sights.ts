import type { Attributes, Shape } from '@tensorweft/core'
import { numbersOf } from './attributes.ts'
import { forEachPoint, positionOf } from './points.ts'

/** An output position, a tap of the window and the input position that it sees there. */
interface Sight {
  readonly output: number
  readonly tap: number
  readonly input: number
}

/** Everything that windows see of an input without its padding; positions are row-major. */
export function sights(
  input: Shape,
  output: Shape,
  kernel: Shape,
  attributes: Attributes,
): Sight[] {
  const [strides, dilations, before] = [
    numbersOf(attributes.strides),
    numbersOf(attributes.dilations),
    numbersOf(attributes.before),
  ]
  const found: Sight[] = []
  const inputPosition = positionOf(input)
  forEachPoint(output, (p, outputPosition) => {
    forEachPoint(kernel, (k, tap) => {
      const at = p.map(
        (index, axis) =>
          index * (strides[axis] ?? 1) +
          (k[axis] ?? 0) * (dilations[axis] ?? 1) -
          (before[axis] ?? 0),
      )
      if (at.some((index, axis) => index < 0 || index >= (input[axis] ?? 0))) return
      found.push({ output: outputPosition, tap, input: inputPosition(at) })
    })
  })
  return found
}

/** Elements of an image [batch, …spatial, channels] per channel. */
export function spatialSize(shape: Shape): number {
  return shape.slice(1, -1).reduce((size, n) => size * n, 1)
}
