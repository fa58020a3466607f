import { beforeEach, describe, expect, test } from 'vitest'
import { collectGarbage } from '../graph/collect-garbage.testing.ts'
import { topologicalOrder } from '../graph/order.ts'
import { GradientError, gradients, realize, setBackend, type Tensor, tensor } from '../index.ts'
import { NaiveBackend } from '../naive-backend/naive-backend.testing.ts'
import { relieveHistory, trimHistory } from './history.ts'

let backend: NaiveBackend

beforeEach(async () => {
  backend = new NaiveBackend()
  await setBackend(backend)
})

const usual = { byteLength: 2 ** 28, steps: 2000 }
const historySize = (x: Tensor) => topologicalOrder([x.node]).length

describe('a loop that reads and disposes of nothing', () => {
  test('keeps no history, nor values, that nobody can differentiate by', async () => {
    let x = tensor([1, 2])
    for (let i = 0; i < 400; i++) {
      x = x.mul(0.5).add(1)
      await x.data()
      if (i % 40 === 39) await collectGarbage(() => backend.live.size <= 2)
    }
    expect(backend.live.size).toBeLessThan(45)
    expect(historySize(x)).toBeLessThan(45 * 7)
    const [first = 0] = await x.data()
    expect(first).toBeCloseTo(2, 6)
  })

  test('keeps gradients by what the program still has', async () => {
    const [w, start] = [tensor([0.5]), tensor([1])]
    let x: Tensor = start
    for (let i = 0; i < 20; i++) {
      x = x.mul(w)
      await x.data()
      if (i % 5 === 0) await collectGarbage()
    }
    const [dw, dStart] = gradients(x.sum(), [w, start])
    expect(await dw.item()).toBe(20 * 0.5 ** 19)
    expect(await dStart.item()).toBe(0.5 ** 20)
  })

  test('keeps values that gradients by something else need', async () => {
    const w = tensor([3])
    let x: Tensor = tensor([1])
    let total = x.mul(w)
    for (let i = 0; i < 12; i++) {
      x = x.add(1)
      total = total.add(x.mul(w))
      await realize(x, total)
      if (i % 4 === 0) await collectGarbage()
    }
    // 1 + 2 + … + 13
    expect(await gradients(total.sum(), [w])[0]?.item()).toBe(91)
  })

  test('with many results forgets where each came from', async () => {
    const results: Tensor[] = []
    for (let i = 0; i < 30; i++) {
      const mean = tensor([i, i]).mean()
      await mean.data()
      results.push(mean)
    }
    await collectGarbage()
    await tensor([1]).neg().data()
    expect(results.map(historySize)).toEqual(results.map(() => 1))
    await collectGarbage(() => backend.live.size <= 31)
    expect(backend.live.size).toBeLessThanOrEqual(32)
    expect(await results[7]?.item()).toBe(7)
  })
})

describe('limits', () => {
  /** `x ← x w`, read at each step. */
  async function loop(w: Tensor, steps: number) {
    let x: Tensor = tensor([1])
    const recent: Tensor[] = []
    for (let i = 0; i < steps; i++) {
      x = x.mul(w)
      await x.data()
      recent.push(x)
    }
    return { x, recent }
  }

  test('of steps end a history, and gradients through the end are refused', async () => {
    const w = tensor([0.5])
    const { x, recent } = await loop(w, 10)
    trimHistory({ ...usual, steps: 6 })
    expect(historySize(x)).toBeLessThan(21)
    expect(() => gradients(x.sum(), [w])).toThrow(GradientError)
    expect(() => gradients(x.sum(), [w])).toThrow(
      'gradients: a value float32 [1] between y and an x, whose history was let go',
    )
    // What lies after the end, and what has nothing to do with it, is as before.
    const late = recent.at(-1)
    expect(await gradients(x.mul(2).sum(), [late])[0]?.item()).toBe(2)
    const other = tensor([7])
    const [dOther] = gradients(x.mul(other).sum(), [other])
    expect(await dOther.item()).toBe(0.5 ** 10)
    expect(await gradients(w.square().sum(), [w])[0]?.item()).toBe(1)
  })

  test('remember what was forgotten before', async () => {
    const w = tensor([0.5])
    let { x } = await loop(w, 8)
    trimHistory({ ...usual, steps: 2 })
    for (let round = 0; round < 3; round++) {
      for (let i = 0; i < 5; i++) {
        x = x.add(1)
        await x.data()
      }
      trimHistory({ ...usual, steps: 2 })
      expect(() => gradients(x.sum(), [w])).toThrow(GradientError)
    }
  })

  test('of bytes drop what can be computed again, with the same gradients', async () => {
    const w = tensor([0.5])
    const run = async () => (await loop(w, 10)).x
    const x = await run()
    await collectGarbage(() => backend.live.size === 0)
    const before = backend.live.size
    relieveHistory()
    expect(backend.live.size).toBeLessThanOrEqual(before - 8)
    expect(await gradients(x.sum(), [w])[0]?.item()).toBe(10 * 0.5 ** 9)
  })

  test('of bytes that only leaves take end the oldest histories', async () => {
    const w = tensor([2])
    const losses: Tensor[] = []
    for (let i = 0; i < 8; i++) {
      const loss = tensor([i]).mul(w).sum()
      await loss.data()
      losses.push(loss)
    }
    await collectGarbage()
    trimHistory({ ...usual, byteLength: 16 })
    const [first, last] = [losses[0], losses[7]]
    if (first === undefined || last === undefined) throw new Error('losses')
    expect(() => gradients(first, [w])).toThrow('let go')
    expect(await gradients(last, [w])[0]?.item()).toBe(7)
  })
})

test('parameters that are read end no history before they are', async () => {
  const x = tensor([3])
  const y = x.square()
  await y.data()
  trimHistory()
  expect(await gradients(y.sum(), [x])[0]?.item()).toBe(6)
})
