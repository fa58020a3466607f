import { describe, expect, test } from 'vitest'
import type { ConvolutionDirection } from '../../problems/convolution.ts'
import { convolutionProblem } from '../convolution.ts'
import { convolutionElement, convolutionLength } from './convolution.ts'
import { unfold } from './images.ts'
import { matrix, product } from './matrix.ts'

const sizes = { batch: 2, height: 5, width: 7, channels: 3, filters: 2, stride: 2 }

function whole(direction: ConvolutionDirection, parts = sizes): number[] {
  const problem = convolutionProblem(direction, parts)
  return Array.from({ length: convolutionLength(problem) }, (_, i) =>
    convolutionElement(problem, i),
  )
}

function dot(a: ArrayLike<number>, b: ArrayLike<number>): number {
  return Array.from(a).reduce((sum, value, i) => sum + value * (b[i] ?? 0), 0)
}

test('with stride 1, a convolution is the product of what the filters see and the filters', () => {
  const still = { ...sizes, stride: 1 }
  const { images, filters } = convolutionProblem('forward', still)
  const patches = unfold(matrix(2 * 5 * 7, 3, images), still)
  const wanted = product(patches, matrix(27, 2, filters)).values
  const got = whole('forward', still)
  expect(got).toEqual(Array.from(wanted, (value) => expect.closeTo(value, 10)))
})

describe.each([1, 2, 3])('with stride %i', (stride) => {
  const strided = { ...sizes, stride }
  const { images, filters, dy } = convolutionProblem('forward', strided)
  const change = dot(whole('forward', strided), dy)

  // The convolution is linear in both: ⟨conv, dy⟩ = ⟨x, gradient by x⟩ = ⟨filters, gradient by them⟩.
  test('the gradient by the input is its transpose', () => {
    expect(dot(images, whole('by-input', strided))).toBeCloseTo(change, 8)
  })

  test('the gradient by the filters is its transpose', () => {
    expect(dot(filters, whole('by-filters', strided))).toBeCloseTo(change, 8)
  })
})
