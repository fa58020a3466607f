import {
  argSort,
  compile,
  conv2d,
  cumSum,
  type DType,
  matmul,
  ones,
  profile,
  type Shape,
  setBackend,
  type Tensor,
  withBackend,
} from 'tensorweft'
import { expect, test } from 'vitest'
import { KernelRecorder } from './kernel-recorder.ts'
import { operationsOf } from './operations.ts'
import { shapeText } from './shape-text.ts'

/** Kind, shape and operations of each kernel of a function. */
async function kernelsOf(fn: (x: Tensor, y: Tensor) => Tensor<DType>, x: Shape, y: Shape = []) {
  const recorder = new KernelRecorder(await setBackend('cpu'))
  await withBackend(recorder.backend, () => profile(compile(fn), ones(x), ones(y)))
  recorder.dispose()
  return recorder.kernels.map(({ kernel }) => [
    kernel.kind,
    shapeText(kernel),
    operationsOf(kernel),
  ])
}

test('a map: its instructions at each point', async () => {
  const kernels = await kernelsOf((x) => x.mul(2).add(1).sqrt(), [4, 5])
  expect(kernels).toEqual([['map', '[20]', 60]])
})

test('a sum: an addition for each value', async () => {
  const kernels = await kernelsOf((x) => x.square().sum(1), [4, 5])
  expect(kernels).toEqual([['reduce', '[4] over [5]', 40]])
})

test('a product: two for each pair, and its epilogue', async () => {
  const kernels = await kernelsOf((x, y) => matmul(x, y).add(1), [4, 5], [5, 3])
  expect(kernels).toEqual([['contract', '[4] by [3] over [5]', 2 * 4 * 5 * 3 + 4 * 3]])
})

test('a convolution: the axes of its images and of its window', async () => {
  const kernels = await kernelsOf((x, y) => conv2d(x, y), [2, 8, 8, 3], [3, 3, 3, 5])
  expect(kernels).toEqual([['contract', '[2, 6, 6] by [5] over [3, 9]', 2 * 72 * 5 * 27]])
})

test('a running total: an addition for each value', async () => {
  const kernels = await kernelsOf((x) => cumSum(x, 1), [4, 5])
  expect(kernels).toEqual([['scan', '[4], in order [5]', 20]])
})

test('a sort: a comparison for each value and doubling', async () => {
  const kernels = await kernelsOf((x) => argSort(x, 1), [4, 8])
  expect(kernels).toEqual([['sort', '[4], in order [8]', 4 * 8 * 3]])
})
