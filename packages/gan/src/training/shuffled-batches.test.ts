import { cpu } from '@tensorweft/backend-cpu'
import {
  ArgumentError,
  DisposedError,
  key,
  ShapeError,
  setBackend,
  type Tensor,
  tensor,
} from '@tensorweft/core'
import { beforeAll, describe, expect, test } from 'vitest'
import { shuffledBatches } from './shuffled-batches.ts'

beforeAll(() => setBackend(cpu()))

const bytes = { data: Uint8Array.from({ length: 20 }, (_, i) => i), shape: [10, 2] }

async function take(batches: AsyncIterable<Tensor>, count: number): Promise<number[][]> {
  const taken: number[][] = []
  for await (const batch of batches) {
    expect(batch.dtype).toBe('float32')
    taken.push([...(await batch.data())])
    if (taken.length === count) break
  }
  return taken
}

describe('shuffledBatches', () => {
  test('has every sample once in a pass, whole, in an order of the key and the pass', async () => {
    const batches = await take(shuffledBatches(bytes, { batchSize: 5, key: key(1) }), 4)
    for (const pass of [batches.slice(0, 2), batches.slice(2)]) {
      const all = pass.flat()
      expect([...all].sort((a, b) => a - b)).toEqual([...bytes.data])
      all.forEach((value, i) => {
        if (i % 2 === 1) expect(value).toBe((all[i - 1] ?? 0) + 1)
      })
    }
    expect(batches.slice(0, 2)).not.toEqual(batches.slice(2))
    expect(await take(shuffledBatches(bytes, { batchSize: 5, key: key(1) }), 4)).toEqual(batches)
    expect(await take(shuffledBatches(bytes, { batchSize: 5, key: key(2) }), 4)).not.toEqual(
      batches,
    )
  })

  test('begins anywhere, and leaves out what is less than a batch', async () => {
    const options = { batchSize: 3, key: key(5) }
    const all = await take(shuffledBatches(bytes, options), 9)
    expect(new Set(all.slice(0, 3).flat()).size).toBe(18)
    for (const from of [1, 3, 5]) {
      expect(await take(shuffledBatches(bytes, { ...options, from }), 3)).toEqual(
        all.slice(from, from + 3),
      )
    }
  })

  test('takes tensors, of one axis too', async () => {
    const batches = shuffledBatches(tensor([1, 2, 3]), { batchSize: 3, key: key(1) })
    const [batch] = await take(batches, 1)
    expect([...(batch ?? [])].sort()).toEqual([1, 2, 3])
  })

  test('frees a batch when the next is asked for', async () => {
    const batches = shuffledBatches(bytes, { batchSize: 2, key: key(1) })
    const { value: first } = await batches.next()
    await batches.next()
    expect(() => first?.add(1)).toThrow(DisposedError)
  })

  test.each([
    [bytes, { batchSize: 11, key: key(1) }, ShapeError, 'samples [10, 2] of 20 values; wanted a'],
    [{ ...bytes, shape: [9, 2] }, { batchSize: 2, key: key(1) }, ShapeError, 'of 20 values'],
    [
      [1, 2],
      { batchSize: 2, key: key(1) },
      ShapeError,
      'samples object; wanted a tensor or { data',
    ],
    [null, { batchSize: 2, key: key(1) }, ShapeError, 'samples object'],
    [{ ...bytes, shape: '10' }, { batchSize: 2, key: key(1) }, ShapeError, 'samples object'],
    [{ data: 'many', shape: [4] }, { batchSize: 2, key: key(1) }, ShapeError, 'samples object'],
    [{ data: [], shape: [0, 2] }, { batchSize: 2, key: key(1) }, ShapeError, 'samples object'],
    [bytes, { batchSize: 0, key: key(1) }, ArgumentError, 'batchSize 0; wanted a positive integer'],
    [bytes, { batchSize: 2 }, ArgumentError, 'key undefined; wanted a tensor'],
    [bytes, { batchSize: 2, key: key(1), from: -1 }, ArgumentError, 'from -1; wanted an integer'],
    [bytes, undefined, ArgumentError, 'options undefined; wanted { batchSize, key, from }'],
  ])('refuses %j with %j', (samples, options, kind, message) => {
    const call = () => shuffledBatches(samples as never, options as never)
    expect(call).toThrow(kind)
    expect(call).toThrow(message)
  })
})
