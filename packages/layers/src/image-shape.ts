import { formatShape, type Shape, ShapeError } from '@tensorweft/core'

/**
 * The sizes of images that a layer is built for. Throws ShapeError unless the shape is
 * [height, width, channels].
 */
export function checkImageShape(
  op: string,
  inputShape: Shape,
): [height: number, width: number, channels: number] {
  const [height = 0, width = 0, channels = 0] = inputShape
  const areSizes = inputShape.every((size) => Number.isSafeInteger(size) && size > 0)
  if (inputShape.length === 3 && areSizes) return [height, width, channels]
  throw new ShapeError(op, {
    got: `inputs of shape ${formatShape(inputShape)}`,
    wanted: '[height, width, channels] without the batch axis, none of them 0',
    hint: inputShape.length === 2 ? 'images of one channel are [height, width, 1]' : undefined,
  })
}
