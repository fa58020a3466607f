import { cpu } from '@tensorweft/backend-cpu'
import {
  type AnyTensor,
  type ResizeOptions,
  resizeBilinear,
  resizeNearest,
  type Tensor,
} from '@tensorweft/core'
import { describe, expect, test } from 'vitest'
import { checkOp } from '../conformance/check-op.ts'
import { exactly } from './approximation.ts'
import { sample, sampleGradient } from './sampling.ts'

test('sampling looks where its numbers say, and finds 0 outside', () => {
  const x = exactly([1, 3], 'float32', [10, 20, 30])
  const attributes = { axis: 1, size: 5, scale: 2, offset: -1, divisor: 2 }
  expect([...sample(x, [1, 5], attributes).values]).toEqual([0, 10, 20, 30, 0])
  const dy = exactly([1, 4], 'float32', [1, 2, 4, 8])
  const halved = { axis: 1, size: 2, scale: 1, offset: 0, divisor: 2 }
  expect([...sampleGradient(dy, [1, 2], halved).values]).toEqual([3, 12])
})

const sizes = [
  [7, 3],
  [2, 10],
  [4, 5],
] as const
const modes: readonly Partial<ResizeOptions>[] = [
  {},
  { alignCorners: true },
  { halfPixelCenters: true },
]

describe.each(modes)('resizing %j agrees with the reference, with its gradients', (mode) => {
  test.each(sizes)('to [%d, %d]', async (...size) => {
    for (const resize of [resizeNearest, resizeBilinear]) {
      const apply = ([x]: readonly AnyTensor[]) => resize(x as Tensor, { ...mode, size })
      await checkOp({ name: 'resize', apply, inputs: [{ shape: [2, 4, 5, 3] }] }, cpu())
    }
  })
})
