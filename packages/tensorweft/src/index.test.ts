import * as core from '@tensorweft/core'
import * as layersPackage from '@tensorweft/layers'
import * as filesPackage from '@tensorweft/layers/node'
import * as optimizers from '@tensorweft/optimizers'
import { beforeEach, describe, expect, test, vi } from 'vitest'
import * as umbrella from './index.ts'
import * as layersEntry from './layers.ts'
import * as nodeEntry from './node.ts'

beforeEach(() => {
  vi.resetModules()
})

const fresh = () => import('./index.ts')

describe('the names', () => {
  test('of core and of the optimisers are all there, and are those of the packages', () => {
    const wanted = { ...core, ...optimizers }
    const names = [...Object.keys(core), ...Object.keys(optimizers)]
    expect(new Set(names).size).toBe(names.length)
    const got: Record<string, unknown> = { ...umbrella }
    for (const [name, value] of Object.entries(wanted)) expect(got[name], name).toBe(value)
    expect(Object.keys(got).sort()).toEqual([...names, 'bestBackend', 'layers'].sort())
  })

  test('of layers are one namespace, and an entry of their own', () => {
    expect({ ...umbrella.layers }).toEqual({ ...layersPackage })
    expect({ ...layersEntry }).toEqual({ ...layersPackage })
    expect({ ...nodeEntry }).toEqual({ ...filesPackage })
    // An op and a layer of the same name are why they are apart.
    expect(umbrella.conv2d).not.toBe(umbrella.layers.conv2d)
  })
})

describe('the backends', () => {
  test('are known by their names', async () => {
    const { registeredBackends, setBackend } = await fresh()
    expect(registeredBackends()).toEqual(['webgpu', 'wasm', 'cpu'])
    for (const name of ['cpu', 'wasm']) expect((await setBackend(name)).name).toBe(name)
  })

  test('need not be set: a read makes the best one the current one', async () => {
    const { currentBackend, tensor } = await fresh()
    const x = tensor([
      [1, 2],
      [3, 4],
    ])
    expect(await x.matmul(x.transpose()).add(1).relu().array()).toEqual([
      [6, 12],
      [12, 26],
    ])
    expect(currentBackend().name).toBe('wasm')
  })

  test('need not be set: compiled steps wait for it too', async () => {
    const { adam, compile, gradients, key, layers, softmaxCrossEntropy, tensor } = await fresh()
    const model = layers.sequential(
      layers.dense({ units: 8, activation: 'tanh' }),
      layers.dense({ units: 2 }),
    )
    model.build([2], key(1))
    const optimizer = adam({ learningRate: 0.05 })
    const step = compile((x: core.Tensor, y: core.Tensor) => {
      const loss = softmaxCrossEntropy(model.apply(x, { training: true }), y)
      optimizer.update(model.parameters, gradients(loss, model.parameters))
      return loss
    })
    const x = tensor([
      [0, 0],
      [0, 1],
      [1, 0],
      [1, 1],
    ])
    const y = tensor([
      [1, 0],
      [0, 1],
      [0, 1],
      [1, 0],
    ])
    const losses = Array.from({ length: 200 }, () => step(x, y))
    expect(await losses[0]?.item()).toBeGreaterThan(0.5)
    expect(await losses.at(-1)?.item()).toBeLessThan(0.05)
  })

  test('need not be set: nor for a trainer', async () => {
    const { adam, currentBackend, key, layers } = await fresh()
    const model = layers.sequential(layers.dense({ units: 1 }))
    model.build([2], key(1))
    const sums = layers.trainer({
      model,
      loss: (predictions, labels) => predictions.sub(labels).square().mean(),
      optimizer: adam({ learningRate: 0.05 }),
    })
    const x = [
      [0, 0],
      [0, 1],
      [1, 0],
      [1, 1],
    ]
    const { history } = await sums.fit({ x, y: [[0], [1], [1], [2]] }, { epochs: 200 })
    expect(history.loss?.at(-1)).toBeLessThan(0.01)
    expect(currentBackend().name).toBe('wasm')
  })

  test('can be swapped in the middle', async () => {
    const { compile, Parameter, setBackend, tensor } = await fresh()
    const count = new Parameter(tensor(0))
    const step = compile(() => count.assign(count.value.add(1)))
    for (const name of ['cpu', 'wasm', 'cpu']) {
      await setBackend(name)
      for (let i = 0; i < 10; i++) step()
    }
    expect(await count.value.item()).toBe(30)
  })
})
