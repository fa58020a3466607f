import { gradients, type Tensor, tensor } from 'tensorweft'

/** Ways to say how much a pixel mattered. */
export type AttributionMethod = 'integrated-gradients' | 'gradient-times-input'

/** Points on the way from a blank image to the image, as shares of its ink. */
const waypoints: Record<AttributionMethod, readonly number[]> = {
  'integrated-gradients': Array.from({ length: 32 }, (_, i) => (i + 0.5) / 32),
  'gradient-times-input': [1],
}

/**
 * How much each pixel of an image speaks for a class, or, below zero, against it:
 * `image · mean(∂ logit(α · image) / ∂ (α · image))` over points α between 0 and 1. With many points
 * these are integrated gradients, whose sum is what the image adds to the logit of a blank one; with
 * the point 1 alone, gradient times input.
 *
 * Sundararajan, Taly, Yan, "Axiomatic attribution for deep networks", 2017.
 *
 * @param classify Makes logits [batch, classes] of images [batch, …].
 * @param image [1, …], where 0 is blank.
 * @param target [classes], 1 for the class in question and 0 for the others.
 * @returns [1, …], as the image.
 */
export function attribute(
  classify: (images: Tensor) => Tensor,
  image: Tensor,
  target: Tensor,
  method: AttributionMethod,
): Tensor {
  const shares = tensor(waypoints[method]).reshape([-1, ...image.shape.slice(1).fill(1)])
  const path = image.mul(shares)
  const score = classify(path).mul(target).sum()
  const [slopes] = gradients(score, [path])
  return slopes.mean(0, { keepDims: true }).mul(image)
}
