import { OutOfMemoryError, realize, setBackend, type Tensor, tensor } from '@tensorweft/core'
import { Random } from '@tensorweft/testkit/plans'
import { chromium, useSwiftShader } from '@tensorweft/testkit/swift-shader'
import { describe, expect, test, vi } from 'vitest'
import { connect } from './adapter.ts'
import { WebGpuBackend } from './backend.ts'
import { distribute } from './gather.ts'

const KiB = 2 ** 10

/** Arrays of so many KiB, each in a slab of its own. */
const apart = (...sizes: readonly number[]) =>
  sizes.map((size, slot) => ({ slot, slab: `slab ${slot}`, byteLength: size * KiB }))

describe('what a dispatch binds', () => {
  const sizesOf = (arrays: readonly { readonly byteLength: number }[]) =>
    arrays.map(({ byteLength }) => byteLength / KiB)

  test('is slabs as they are, but for those of which it uses least', () => {
    const found = distribute(apart(8, 1, 7, 2, 9), 4, 16 * KiB)
    expect(found?.stay).toEqual(['slab 4', 'slab 0', 'slab 2'])
    expect(found?.moved.map(sizesOf)).toEqual([[2, 1]])
  })

  test('is several buffers where one is too small', () => {
    const found = distribute(apart(65, 65, 65, 60, 60, 60), 4, 128 * KiB)
    expect(found?.stay).toEqual(['slab 0', 'slab 1'])
    expect(found?.moved.map(sizesOf)).toEqual([
      [65, 60],
      [60, 60],
    ])
  })

  test('is nothing where all arrays are too large together', () => {
    expect(distribute(apart(...new Array<number>(11).fill(65)), 8, 128 * KiB)).toBeUndefined()
    expect(distribute(apart(...new Array<number>(9).fill(128)), 8, 128 * KiB)).toBeUndefined()
  })

  test('holds every array once, and no more than a buffer has room for', () => {
    const random = new Random(5)
    for (let round = 0; round < 500; round++) {
      const maxBindings = random.integer(1, 10)
      const slabs = random.integer(1, 20)
      const arrays = Array.from({ length: slabs + random.integer(0, 9) }, (_, slot) => ({
        slot,
        slab: slot < slabs ? slot : random.integer(0, slabs - 1),
        byteLength: random.integer(1, 40) * 256,
      }))
      const found = distribute(arrays, maxBindings, 64 * 256)
      if (found === undefined) continue
      const { stay, moved } = found
      expect(stay.length + moved.length).toBeLessThanOrEqual(maxBindings)
      const staying = arrays.filter(({ slab }) => stay.includes(slab))
      const all = [...staying, ...moved.flat()].map(({ slot }) => slot)
      expect(all.sort((a, b) => a - b)).toEqual([...arrays.keys()])
      for (const buffer of moved) {
        const total = buffer.reduce((sum, { byteLength }) => sum + byteLength, 0)
        expect(total).toBeLessThanOrEqual(64 * 256)
      }
    }
  })
})

/** SwiftShader as a device with 4 bindings of at most 1 KiB; each array has a buffer of its own. */
async function createOnSmallDevice(): Promise<{ backend: WebGpuBackend; longest: () => number }> {
  useSwiftShader('a device')
  const connection = await connect({})
  const { device } = connection
  const limits = {
    maxBufferSize: KiB,
    maxStorageBufferBindingSize: KiB,
    maxStorageBuffersPerShaderStage: 4,
  }
  Object.defineProperty(device, 'limits', { value: limits })
  const created = vi.spyOn(device, 'createBuffer')
  const backend = new WebGpuBackend(connection, { first: 256, largest: 256 })
  const longest = () => {
    const bound = created.mock.calls.filter(([{ label }]) => /slab|gathered/.test(label ?? ''))
    return Math.max(...bound.map(([{ size }]) => size))
  }
  return { backend, longest }
}

/** `count` arrays whose elements are 1, 2 … on the device. */
async function arraysOf(size: number, count: number): Promise<[Tensor, ...Tensor[]]> {
  const make = (k: number) => tensor(new Float32Array(size).fill(k + 1))
  const rest = Array.from({ length: count - 1 }, (_, k) => make(k + 1))
  const all: [Tensor, ...Tensor[]] = [make(0), ...rest]
  await realize(...all)
  return all
}

const sumOf = ([first, ...rest]: readonly [Tensor, ...Tensor[]]) =>
  rest.reduce((sum, x) => sum.add(x), first)

describe.skipIf(chromium === undefined)('arrays in more slabs than a device binds', () => {
  test('are gathered in several buffers, none of which is too large', async () => {
    const { backend, longest } = await createOnSmallDevice()
    await setBackend(backend)
    const xs = await arraysOf(64, 10)
    expect(await sumOf(xs).data()).toEqual(new Float32Array(64).fill(55))
    expect(await sumOf(xs).mul(2).data()).toEqual(new Float32Array(64).fill(110))
    expect(longest()).toBeLessThanOrEqual(KiB)
    await backend.dispose()
  })

  test('are refused where they do not fit, and what there was is as before', async () => {
    const { backend, longest } = await createOnSmallDevice()
    await setBackend(backend)
    const xs = await arraysOf(130, 10)
    const error = await sumOf(xs)
      .data()
      .catch((thrown: unknown) => thrown)
    expect(error).toBeInstanceOf(OutOfMemoryError)
    expect(error).toMatchObject({
      got: expect.stringMatching(/^11 arrays of 5720 bytes in all for the kernel '/),
      wanted: expect.stringContaining('4 buffers of 1024 bytes'),
    })
    const [a, b, c, d, ...rest] = xs
    const parts = [sumOf([a, b ?? a, c ?? a]), d ?? a]
    await realize(...parts)
    const half = sumOf([parts[0] ?? a, ...parts.slice(1)])
    expect(await half.data()).toEqual(new Float32Array(130).fill(10))
    expect(await rest[0]?.data()).toEqual(new Float32Array(130).fill(5))
    expect(longest()).toBeLessThanOrEqual(KiB)
    await backend.dispose()
  })
})
