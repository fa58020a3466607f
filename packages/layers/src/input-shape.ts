import { formatShape, type Shape, ShapeError } from '@tensorweft/core'
import { isPositiveInteger } from './option-values.ts'

/**
 * The sizes of images that a layer is built for. Throws ShapeError unless the shape is
 * [height, width, channels].
 */
export function checkImageShape(
  op: string,
  inputShape: Shape,
): [height: number, width: number, channels: number] {
  const [height = 0, width = 0, channels = 0] = inputShape
  if (inputShape.length === 3 && inputShape.every(isPositiveInteger)) {
    return [height, width, channels]
  }
  throw new ShapeError(op, {
    got: `inputs of shape ${formatShape(inputShape)}`,
    wanted: '[height, width, channels] without the batch axis, none of them 0',
    hint: inputShape.length === 2 ? 'images of one channel are [height, width, 1]' : undefined,
  })
}

/** The size of the last axis. Throws ShapeError where there is none, or nothing in it. */
export function checkFeatures(op: string, inputShape: Shape): number {
  const features = inputShape.at(-1)
  if (isPositiveInteger(features)) return features
  throw new ShapeError(op, {
    got: `inputs of shape ${formatShape(inputShape)}`,
    wanted: '[..., features] without the batch axis, none of them 0',
  })
}
