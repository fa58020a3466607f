import { type Backend, compile, conv2d, gradients, type Tensor, tensor } from '@tensorweft/core'
import { type ConvolutionProblem, outputSide } from '../../problems/convolution.ts'
import type { Work } from '../../subject.ts'
import { heldResult } from './held-result.ts'

/** A gradient alone: nothing asks for the convolution, so it is not computed. */
export function convolution(problem: ConvolutionProblem, backend: Backend): Work {
  const { direction, sizes } = problem
  const { batch, height, width, channels, stride } = sizes
  const images = tensor(problem.images, { shape: [batch, height, width, channels] })
  const filters = tensor(problem.filters, { shape: [3, 3, channels, sizes.filters] })
  const out = [batch, outputSide(height, stride), outputSide(width, stride), sizes.filters]
  const dy = tensor(problem.dy, { shape: out })
  const run = compile((images: Tensor, filters: Tensor, dy: Tensor): Tensor => {
    const y = conv2d(images, filters, { strides: stride, padding: 'same' })
    if (direction === 'forward') return y
    const slopes = gradients(y.mul(dy).sum(), { images, filters })
    return direction === 'by-input' ? slopes.images : slopes.filters
  })
  return heldResult(() => [run(images, filters, dy)], [images, filters, dy], backend)
}
