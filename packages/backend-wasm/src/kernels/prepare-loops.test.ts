import { cpu } from '@tensorweft/backend-cpu'
import {
  type Backend,
  compile,
  erf,
  layerNorm,
  Parameter,
  pow,
  setBackend,
  sigmoid,
  sin,
  softmax,
  type Tensor,
  tensor,
  where,
} from '@tensorweft/core'
import { Random } from '@tensorweft/testkit/plans'
import { describe, expect, test } from 'vitest'
import { wasm } from '../index.ts'

function randomTensor(shape: readonly number[]): Tensor {
  const size = shape.reduce((product, extent) => product * extent, 1)
  return tensor(new Random(5).floats(size), { shape })
}

/** Results with what the cpu backend makes of the same, and with other numbers of threads. */
async function expectAlike(make: () => Promise<ArrayLike<number>>): Promise<void> {
  const run = async (backend: Backend) => {
    await setBackend(backend)
    return Array.from(await make())
  }
  const wanted = await run(cpu())
  const got = await run(wasm({ threads: 1 }))
  expect(got).toHaveLength(wanted.length)
  got.forEach((value, k) => {
    const near = wanted[k] ?? Number.NaN
    expect(Math.abs(value - near), `element ${k}`).toBeLessThanOrEqual(4e-6 * (1 + Math.abs(near)))
  })
  for (const threads of [2, 3]) {
    const backend = wasm({ threads })
    expect(await run(backend)).toEqual(got)
    await backend.dispose()
  }
}

const chains: Readonly<Record<string, (x: Tensor) => Tensor>> = {
  'one value after the other': (x) => sigmoid(x.mul(1.5).tanh().square().add(0.25).sqrt().exp()),
  'values and conditions that are needed later': (x) => {
    const isNegative = x.less(0)
    const y = x.tanh().exp()
    return where(isNegative, y.exp().log(), sin(y).add(x))
  },
  'many values at once': (x) => erf(pow(x.abs().add(0.5), x)).exp(),
}

const shapes = [[2047], [2048], [2049], [4099], [3, 1500], [70, 64], [1030, 5], [2, 2048]]

describe('maps that run in strips', () => {
  for (const [name, chain] of Object.entries(chains)) {
    for (const shape of shapes) {
      test(`${name}, ${shape.join('×')}`, () => {
        return expectAlike(() => chain(randomTensor(shape)).data())
      })
    }
    test(`${name}, in place`, () => {
      return expectAlike(async () => {
        const parameter = new Parameter(randomTensor([5000]))
        const step = compile(() => parameter.assign(chain(parameter.value)))
        for (let turn = 0; turn < 3; turn++) step()
        return await parameter.value.data()
      })
    })
    test(`${name}, transposed and with a bias`, () => {
      return expectAlike(() => {
        return chain(
          randomTensor([60, 80])
            .transpose()
            .add(randomTensor([60])),
        ).data()
      })
    })
  }
})

describe('rows that keep values', () => {
  for (const shape of [
    [3, 7],
    [40, 1000],
    [5, 4097],
    [2, 70_001],
    [1000, 5],
  ]) {
    for (const axis of [0, 1]) {
      test(`softmax of ${shape.join('×')} along axis ${axis}`, () => {
        return expectAlike(() => softmax(randomTensor(shape), axis).data())
      })
    }
    test(`layer normalisation of ${shape.join('×')}`, () => {
      return expectAlike(() => layerNorm(randomTensor(shape)).data())
    })
  }
})
