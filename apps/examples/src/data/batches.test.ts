import { cpu } from '@tensorweft/backend-cpu'
import { key, setBackend } from '@tensorweft/core'
import { beforeAll, describe, expect, test } from 'vitest'
import { batchesOf, shuffledOrder } from './batches.ts'

beforeAll(async () => {
  await setBackend(cpu())
})

const data = {
  images: Uint8Array.from({ length: 5 * 6 }, (_, i) => i),
  labels: Uint8Array.from([4, 3, 2, 1, 0]),
  count: 5,
  height: 2,
  width: 3,
}

async function arraysOf(batchSize: number, order?: Uint32Array) {
  const batches = [...batchesOf(data, batchSize, order)]
  return await Promise.all(batches.map(async ({ x, y }) => [await x.array(), await y.array()]))
}

describe('batches', () => {
  test('hold every image once, the last one what is left', async () => {
    expect(await arraysOf(4)).toEqual([
      [
        [
          [0, 1, 2, 3, 4, 5],
          [6, 7, 8, 9, 10, 11],
          [12, 13, 14, 15, 16, 17],
          [18, 19, 20, 21, 22, 23],
        ],
        [4, 3, 2, 1],
      ],
      [[[24, 25, 26, 27, 28, 29]], [0]],
    ])
  })

  test('follow the order that they are given', async () => {
    const [[images, labels] = []] = await arraysOf(2, Uint32Array.from([3, 1]))
    expect(images).toEqual([
      [18, 19, 20, 21, 22, 23],
      [6, 7, 8, 9, 10, 11],
    ])
    expect(labels).toEqual([1, 3])
  })
})

describe('a shuffled order', () => {
  test('holds every number once, elsewhere than before', async () => {
    const order = await shuffledOrder(key(1), 1000)
    expect([...order].sort((a, b) => a - b)).toEqual(Array.from({ length: 1000 }, (_, i) => i))
    expect(order.filter((image, place) => image === place).length).toBeLessThan(10)
  })

  test('depends on the key alone', async () => {
    expect(await shuffledOrder(key(1), 50)).toEqual(await shuffledOrder(key(1), 50))
    expect(await shuffledOrder(key(1), 50)).not.toEqual(await shuffledOrder(key(2), 50))
  })

  test('of three puts each order about as often', async () => {
    const counts = new Map<string, number>()
    for (let seed = 0; seed < 600; seed++) {
      const order = (await shuffledOrder(key(seed), 3)).join('')
      counts.set(order, (counts.get(order) ?? 0) + 1)
    }
    expect(counts.size).toBe(6)
    expect(Math.min(...counts.values())).toBeGreaterThan(70)
    expect(Math.max(...counts.values())).toBeLessThan(130)
  })
})
