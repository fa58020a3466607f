import { cpu } from '@tensorweft/backend-cpu'
import { wasm } from '@tensorweft/backend-wasm'
import { webgpu } from '@tensorweft/backend-webgpu'
import {
  BackendError,
  compile,
  float16Bits,
  float16Value,
  gradients,
  Parameter,
  setBackend,
  type Tensor,
  tensor,
  zeros,
} from '@tensorweft/core'
import { decodeSafetensors, exportWeights, importWeights } from '@tensorweft/layers'
import { adam } from '@tensorweft/optimizers'
import { useSwiftShader } from '@tensorweft/testkit/swift-shader'
import { describe, expect, test } from 'vitest'

const hasDevice = useSwiftShader('float16 on WebGPU')

describe.skipIf(!hasDevice)('float16 on WebGPU', () => {
  test('weights are saved in 16 bits and come back as they were', async () => {
    await setBackend(await webgpu())
    const values = [0.1, -2.5, 65_504, 2 ** -24]
    const model = (numbers: number[]) => ({
      variables: { w: new Parameter(tensor(numbers, { dtype: 'float16' })) },
    })
    const bytes = await exportWeights(model(values))
    const saved = decodeSafetensors(bytes).tensors.get('w')
    expect(saved?.data).toEqual(Uint16Array.from(values, float16Bits))
    const copy = model([0, 0, 0, 0])
    importWeights(copy, bytes)
    const halves = values.map((value) => float16Value(float16Bits(value)))
    expect(await copy.variables.w.value.array()).toEqual(halves)
  })

  test('a network with weights of float32 is trained on activations of float16', async () => {
    await setBackend(await webgpu())
    const weights = { w: new Parameter(zeros([3, 1])), b: new Parameter(zeros([1])) }
    const optimizer = adam({ learningRate: 0.1 })
    const step = compile((x: Tensor<'float16'>, y: Tensor) => {
      const { w, b } = weights
      const products = x.matmul(w.value.cast('float16')).add(b.value.cast('float16'))
      const loss = products.cast('float32').sub(y).square().mean()
      optimizer.update(weights, gradients(loss, weights))
      return loss
    })
    const rows = Array.from({ length: 32 }, (_, i) => [1, 2, 3].map((k) => Math.sin(i * k)))
    const x = tensor(rows, { dtype: 'float16' })
    const y = tensor(rows.map(([a = 0, b = 0, c = 0]) => [2 * a - b + 0.5 * c + 1]))
    const first = await step(x, y).item()
    for (let i = 0; i < 150; i++) step(x, y)
    expect(await step(x, y).item()).toBeLessThan(first / 1000)
    const [a = 0, b = 0, c = 0] = await weights.w.value.data()
    expect(Math.max(Math.abs(a - 2), Math.abs(b + 1), Math.abs(c - 0.5))).toBeLessThan(0.02)
  })
})

test.each([cpu, wasm])('backends without float16 say so', async (create) => {
  await setBackend(create())
  const x = tensor([1, 2], { dtype: 'float16' })
  const read = x.add(1).data()
  await expect(read).rejects.toThrow(BackendError)
  await expect(read).rejects.toThrow('float16')
})
