import {
  key,
  randomNormal,
  randomUniform,
  setBackend,
  type Tensor,
  tensor,
  zerosLike,
} from 'tensorweft'
import { conv2d, dense, flatten, maxPooling2d, sequential } from 'tensorweft/layers'
import { beforeAll, expect, test } from 'vitest'
import { attribute } from './attribution.ts'

const image = randomUniform(key(1), [1, 8, 8, 1])
const target = tensor([0, 0, 1])

beforeAll(async () => {
  await setBackend('cpu')
})

function makeModel() {
  const model = sequential(
    conv2d({ filters: 4, kernelSize: 3, activation: 'relu' }),
    maxPooling2d(),
    flatten(),
    dense({ units: 3 }),
  )
  model.build([8, 8, 1], key(2))
  return model
}

test('integrated gradients add up to what the image changes in the logit', async () => {
  const model = makeModel()
  const classify = (images: Tensor) => model.apply(images)
  const relevance = attribute(classify, image, target, 'integrated-gradients')
  expect(relevance.shape).toEqual([1, 8, 8, 1])
  const change = classify(image)
    .sub(classify(zerosLike(image)))
    .mul(target)
    .sum()
  expect(await relevance.sum().item()).toBeCloseTo(await change.item(), 2)
})

test('both ways agree on a linear model, where a pixel matters by its weight', async () => {
  const weights = randomNormal(key(3), [64, 3])
  const classify = (images: Tensor) => images.reshape([-1, 64]).matmul(weights).add(1)
  const wanted = await weights.mul(target).sum(1).reshape([1, 8, 8, 1]).mul(image).data()
  for (const method of ['integrated-gradients', 'gradient-times-input'] as const) {
    const relevance = await attribute(classify, image, target, method).data()
    relevance.forEach((value, i) => {
      expect(value).toBeCloseTo(wanted[i] ?? Number.NaN, 5)
    })
  }
})

test('a pixel without ink does not matter', async () => {
  const model = makeModel()
  const blank = zerosLike(image)
  const relevance = await attribute((x) => model.apply(x), blank, target, 'gradient-times-input')
    .abs()
    .max()
    .item()
  expect(relevance).toBe(0)
})
