import { cpu } from '@tensorweft/backend-cpu'
import { key, Parameter, setBackend, tensor, zeros } from '@tensorweft/core'
import { beforeAll, describe, expect, test } from 'vitest'
import {
  decodeSafetensors,
  dense,
  encodeSafetensors,
  exportWeights,
  importWeights,
  SafetensorsError,
  type SafetensorsTensor,
  type Sequential,
  sequential,
  WeightsError,
} from '../index.ts'

beforeAll(async () => {
  await setBackend(cpu())
})

function makeModel(seed: number): Sequential {
  const model = sequential(dense({ units: 3, activation: 'tanh' }), dense({ units: 2 }))
  model.build([4], key(seed))
  return model
}

const outputOf = (model: Sequential) => model.apply(tensor([[1, -2, 3, -4]])).array()

/** The weights of a model in a file, changed. */
async function changed(
  model: Sequential,
  change: (tensors: Map<string, SafetensorsTensor>) => void,
): Promise<Uint8Array> {
  const { tensors } = decodeSafetensors(await exportWeights(model))
  change(tensors)
  return encodeSafetensors(tensors)
}

describe('exported weights', () => {
  test('have their places in the model as names', async () => {
    const { tensors, metadata } = decodeSafetensors(await exportWeights(makeModel(1)))
    expect([...tensors].map(([name, { shape, dtype }]) => [name, shape, dtype])).toEqual([
      ['dense.kernel', [4, 3], 'float32'],
      ['dense.bias', [3], 'float32'],
      ['dense_1.kernel', [3, 2], 'float32'],
      ['dense_1.bias', [2], 'float32'],
    ])
    expect(metadata).toEqual({ format: 'tensorweft' })
  })

  test('give another model the same outputs', async () => {
    const [trained, copy] = [makeModel(1), makeModel(2)]
    expect(await outputOf(copy)).not.toEqual(await outputOf(trained))
    importWeights(copy, await exportWeights(trained))
    expect(await outputOf(copy)).toEqual(await outputOf(trained))
  })

  test('are those of the time of the call', async () => {
    const bias = new Parameter(tensor([1, 2]))
    const bytes = exportWeights({ variables: { bias } })
    bias.assign(tensor([3, 4]))
    const { tensors } = decodeSafetensors(await bytes)
    expect([...(tensors.get('bias')?.data ?? [])]).toEqual([1, 2])
  })

  test('may be of every dtype and shape', async () => {
    const variables = {
      float64: new Parameter<'float64'>(tensor([[0.1]], { dtype: 'float64' })),
      int32: new Parameter<'int32'>(tensor(-7, { dtype: 'int32' })),
      uint8: new Parameter<'uint8'>(tensor([255, 0], { dtype: 'uint8' })),
      bool: new Parameter<'bool'>(tensor([true, false])),
      empty: new Parameter(zeros([0, 3])),
    }
    const bytes = await exportWeights({ variables })
    variables.int32.assign(tensor(0, { dtype: 'int32' }))
    variables.bool.assign(tensor([false, false]))
    importWeights({ variables }, bytes)
    expect(await variables.float64.value.array()).toEqual([[0.1]])
    expect(await variables.int32.value.item()).toBe(-7)
    expect(await variables.uint8.value.array()).toEqual([255, 0])
    expect(await variables.bool.value.array()).toEqual([true, false])
    expect(variables.empty.shape).toEqual([0, 3])
  })

  test('may be floats that are narrower than those of the model', async () => {
    const tenth = 0.0999755859375
    const half = { shape: [2], dtype: 'float16', data: Uint16Array.of(0x2e66, 0xfbff) } as const
    const single = { shape: [2], dtype: 'float32', data: Float32Array.of(tenth, -65504) } as const
    const wanted = [tenth, -65504]
    for (const [narrow, wide] of [
      [half, new Parameter(zeros([2]))],
      [half, new Parameter(zeros([2], 'float64'))],
      [single, new Parameter(zeros([2], 'float64'))],
    ] as const) {
      const { dtype } = wide
      importWeights({ variables: { wide } }, encodeSafetensors(new Map([['wide', narrow]])))
      expect(wide.value.dtype).toBe(dtype)
      expect(await wide.value.array()).toEqual(wanted)
    }
  })

  test('are there once each, also those of a layer that is used twice', async () => {
    const makeTwice = () => {
      const shared = dense({ units: 2, kernelInitializer: 'randomNormal' })
      const model = sequential(shared, shared)
      model.build([2], key(1))
      return model
    }
    const bytes = await exportWeights(makeTwice())
    expect([...decodeSafetensors(bytes).tensors.keys()]).toEqual(['dense.kernel', 'dense.bias'])
    const copy = makeTwice()
    importWeights(copy, await changed(makeTwice(), (tensors) => tensors.delete('none')))
    const x = tensor([[1, 2]])
    expect(await copy.apply(x).array()).toEqual(await makeTwice().apply(x).array())
  })

  test('have names that differ', async () => {
    const [a, b] = [new Parameter(tensor(1)), new Parameter(tensor(2))]
    const exported = exportWeights({ variables: { a: { b: a }, 'a.b': b } })
    await expect(exported).rejects.toThrow(WeightsError)
    await expect(exported).rejects.toThrow(
      "weights: the name 'a.b' twice; wanted names that differ",
    )
  })

  test('need a model that was built', async () => {
    const model = sequential(dense({ units: 1 }))
    await expect(exportWeights(model)).rejects.toThrow(WeightsError)
    const bytes = await exportWeights(makeModel(1))
    expect(() => importWeights(model, bytes)).toThrow(/call build/)
  })
})

describe('weights that do not fit leave the model as it was:', () => {
  const float32 = (...shape: number[]): SafetensorsTensor => ({
    dtype: 'float32',
    shape,
    data: new Float32Array(shape.reduce((size, n) => size * n, 1)),
  })
  const cases: readonly (readonly [
    string,
    (tensors: Map<string, SafetensorsTensor>) => void,
    string,
  ])[] = [
    ['one is missing', (tensors) => tensors.delete('dense_1.bias'), "'dense_1.bias' is missing"],
    ['one too many', (tensors) => tensors.set('extra', float32(1)), "'extra' is not in the model"],
    [
      'another shape',
      (tensors) => tensors.set('dense.kernel', float32(3, 4)),
      "'dense.kernel' is [3, 4], in the model [4, 3]",
    ],
    [
      'a wider dtype',
      (tensors) =>
        tensors.set('dense.bias', { dtype: 'float64', shape: [3], data: new Float64Array(3) }),
      "'dense.bias' is float64, in the model float32",
    ],
    [
      'integers',
      (tensors) =>
        tensors.set('dense.bias', { dtype: 'uint8', shape: [3], data: new Uint8Array(3) }),
      "'dense.bias' is uint8, in the model float32",
    ],
    [
      'a whole other model',
      (tensors) => {
        tensors.clear()
        tensors.set('weight', float32(1))
      },
      "'dense_1.kernel' is missing; and 2 more",
    ],
  ]

  test.each(cases)('%s', async (_, change, message) => {
    const model = makeModel(1)
    const before = await outputOf(model)
    const bytes = await changed(makeModel(2), change)
    expect(() => importWeights(model, bytes)).toThrow(WeightsError)
    expect(() => importWeights(model, bytes)).toThrow(message)
    expect(await outputOf(model)).toEqual(before)
  })

  test.each([['ArrayBuffer'], ['Promise'], ['Undefined']])('no bytes: %s', async (kind) => {
    const model = makeModel(1)
    const bytes = exportWeights(model)
    const { buffer } = await bytes
    const given = { ArrayBuffer: buffer, Promise: bytes, Undefined: undefined }[kind] as never
    expect(() => importWeights(model, given)).toThrow(SafetensorsError)
    expect(() => importWeights(model, given)).toThrow(
      `Got [object ${kind}], no Uint8Array: await it, or new Uint8Array(buffer).`,
    )
  })

  test('damaged bytes', async () => {
    const model = makeModel(1)
    const before = await outputOf(model)
    const bytes = await exportWeights(makeModel(2))
    for (const damaged of [bytes.subarray(0, -1), bytes.subarray(1), new Uint8Array(5)]) {
      expect(() => importWeights(model, damaged)).toThrow(SafetensorsError)
    }
    expect(await outputOf(model)).toEqual(before)
  })
})
