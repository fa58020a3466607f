import { beforeEach, describe, expect, test } from 'vitest'
import {
  compile,
  explain,
  Parameter,
  pad,
  profile,
  setBackend,
  softmax,
  type Tensor,
  tensor,
  zeros,
} from '../index.ts'
import { NaiveBackend } from '../naive-backend/naive-backend.testing.ts'

let backend: NaiveBackend

beforeEach(async () => {
  backend = new NaiveBackend()
  await setBackend(backend)
})

function trainingStep() {
  const p = new Parameter(zeros([4, 3]))
  const step = compile((x: Tensor, rate: Tensor) => {
    const y = softmax(x.matmul(p.value))
    p.assign(p.value.mul(rate))
    return y
  })
  return { p, step }
}

describe('explain', () => {
  test('lists memory, kernels, operands, loops and programs', () => {
    const { step } = trainingStep()
    const text = explain(step, zeros([2, 4]), 0.9)
    expect(text).toMatch(
      /^\d kernels, 0\.00 MiB arena, 2 inputs, 2 outputs \(1 in place\), 1 scalar\n/,
    )
    expect(text).toContain('1. contract: matmul')
    expect(text).toContain('  batch [], m [i0 < 2], n [i1 < 3], k [i2 < 4]')
    expect(text).toMatch(/\n\d\. row: .*softmax/)
    expect(text).toContain('float32[8] input')
    expect(text).toMatch(/%\d+ = scalar 0: float32/)
    expect(text).toMatch(/max of %\d+ over \[i1 < 3\]: float32/)
  })

  test('shows guards and numbers in the singular', () => {
    const padded = compile((x: Tensor) => pad(x, [[1, 1]], 7))
    const text = explain(padded, zeros([4]))
    expect(text).toMatch(/^1 kernel, 0\.00 MiB arena, 1 input, 1 output \(0 in place\), 0 scalars/)
    expect(text).toContain('#0[i0 − 1] if 1 ≤ i0 < 5')
    expect(text).toContain('7: float32')
  })

  test('runs nothing', () => {
    const { step } = trainingStep()
    explain(step, zeros([2, 4]), 0.9)
    expect(backend.runs).toEqual([])
  })
})

describe('profile', () => {
  test('measures each kernel and leaves arguments and parameters alone', async () => {
    const { p, step } = trainingStep()
    const x = tensor([
      [1, 2, 3, 4],
      [5, 6, 7, 8],
    ])
    p.assign(p.value.add(1))
    const before = backend.live.size
    const profiles = await profile(step, x, 0.5)
    expect(backend.live.size).toBe(before)
    expect(profiles[0]).toMatchObject({ kind: 'contract', label: 'matmul' })
    expect(profiles[0]?.byteLength).toBe((8 + 12 + 6) * 4)
    for (const { elapsedMs } of profiles) expect(elapsedMs).toBeGreaterThanOrEqual(0)
    expect(await p.value.sum().item()).toBe(12)
    expect(await x.sum().item()).toBe(36)
  })
})
