import { beforeEach, describe, expect, test } from 'vitest'
import { gradients, setBackend, type Tensor, tensor } from '../index.ts'
import { NaiveBackend } from '../naive-backend/naive-backend.testing.ts'

let backend: NaiveBackend

beforeEach(async () => {
  backend = new NaiveBackend()
  await setBackend(backend)
})

/** Kernels of each run, in order. */
const kernelCounts = () => backend.runs.map(({ kernels }) => kernels.length)

describe('values that are computed again and again on the way to others', () => {
  test('are kept in a loop that reads nothing but its loss', async () => {
    const [x, y] = [tensor([[1], [2], [3]]), tensor([[2], [4], [6]])]
    let w: Tensor = tensor([[0]])
    let expected = 0
    const losses: number[] = []
    for (let i = 0; i < 40; i++) {
      const loss = x.matmul(w).sub(y).square().mean()
      const [dw] = gradients(loss, [w])
      w = w.sub(dw.mul(0.05))
      losses.push(await loss.item())
      expected -= 0.05 * 2 * (14 / 3) * (expected - 2)
    }
    expect(await w.item()).toBeCloseTo(expected, 5)
    expect(losses.at(-1)).toBeLessThan(1e-6)
    // All steps take about the same from some point on, and few plans do for all of them.
    const late = kernelCounts().slice(15)
    expect(Math.max(...late)).toBeLessThan(40)
    expect(backend.compiled.length).toBeLessThan(20)
  })

  test('are kept the fourth time, and computed no more', async () => {
    const x = tensor([1, 2])
    const y = x.exp()
    const labels = []
    for (let i = 0; i < 6; i++) {
      await y.add(i).data()
      labels.push(
        backend.runs
          .at(-1)
          ?.kernels.map(({ label }) => label)
          .join(),
      )
    }
    expect(labels.map((label) => label?.includes('exp'))).toEqual([
      true,
      true,
      true,
      true,
      false,
      false,
    ])
    expect(String(y)).toBe('Tensor float32 [2] on naive')
  })

  test('are not kept as the views that show them', async () => {
    const y = tensor([1]).exp().broadcastTo([1000])
    for (let i = 0; i < 6; i++) await y.mul(i).sum().data()
    expect(String(y)).toContain('(pending)')
    expect(backend.runs.at(-1)?.kernels.some(({ label }) => label.includes('exp'))).toBe(false)
  })

  test('are not kept where they are much larger than what they come from', async () => {
    const [row, column] = [tensor(new Float32Array(100)), tensor(new Float32Array(100))]
    const table = row.sub(column.reshape([100, 1])).square()
    for (let i = 0; i < 6; i++) await table.slice([i, 0], [1, 100]).sum().data()
    expect(String(table)).toContain('(pending)')
    expect(Math.max(...[...backend.live].map((buffer) => (buffer as ArrayBuffer).byteLength))).toBe(
      400,
    )
  })
})
