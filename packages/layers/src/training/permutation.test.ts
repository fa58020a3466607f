import { cpu } from '@tensorweft/backend-cpu'
import { key, setBackend } from '@tensorweft/core'
import { beforeAll, describe, expect, test } from 'vitest'
import { orderOfEpoch, permutation } from './permutation.ts'

beforeAll(async () => {
  await setBackend(cpu())
})

const orderOf = async (seed: number, epoch: number, count: number) =>
  permutation(await orderOfEpoch(key(seed), epoch), count)

describe('an order', () => {
  test('holds every number once, most elsewhere than before', async () => {
    const order = await orderOf(1, 1, 1000)
    expect([...order].sort((a, b) => a - b)).toEqual(Array.from({ length: 1000 }, (_, i) => i))
    expect(order.filter((sample, place) => sample === place).length).toBeLessThan(10)
    expect([...(await orderOf(1, 1, 1))]).toEqual([0])
  })

  test('depends on the seed and on the epoch', async () => {
    const order = await orderOf(1, 1, 50)
    expect(await orderOf(1, 1, 50)).toEqual(order)
    expect(await orderOf(1, 2, 50)).not.toEqual(order)
    expect(await orderOf(2, 1, 50)).not.toEqual(order)
    // Neighbours of seed and epoch do not meet.
    expect(await orderOf(2, 1, 50)).not.toEqual(await orderOf(1, 2, 50))
  })

  test('of three is each of six about as often, over epochs', async () => {
    const counts = new Map<string, number>()
    for (let epoch = 1; epoch <= 600; epoch++) {
      const order = (await orderOf(7, epoch, 3)).join('')
      counts.set(order, (counts.get(order) ?? 0) + 1)
    }
    expect(counts.size).toBe(6)
    expect(Math.min(...counts.values())).toBeGreaterThan(70)
    expect(Math.max(...counts.values())).toBeLessThan(130)
  })
})
