import { cos, type Tensor } from '@tensorweft/core'

/**
 * The learning rate of each step: from `step` (int32, counted from 0) to float32 in its shape, by
 * ops on tensors, so that one compiled step serves all of training.
 */
export type Schedule = (step: Tensor<'int32'>) => Tensor

/** How much of `steps` has passed at `step`, from 0 to 1. */
export function passedShare(step: Tensor<'int32'>, steps: number): Tensor {
  return step.minimum(steps).cast('float32').div(steps)
}

/**
 * Half a cosine wave from `from` at share 0 to `to` at share 1. As cos² of the half angle, because
 * 1 + cos loses its digits towards the end.
 */
export function cosineBetween(from: number, to: number, share: Tensor): Tensor {
  return cos(share.mul(Math.PI / 2))
    .square()
    .mul(from - to)
    .add(to)
}
