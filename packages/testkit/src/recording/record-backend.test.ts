import { cpu } from '@tensorweft/backend-cpu'
import { compile, matmul, realize, type Tensor, tensor, withBackend } from '@tensorweft/core'
import { describe, expect, test } from 'vitest'
import { describeRecord } from './describe-record.ts'
import { recordBackend } from './record-backend.ts'

describe('recordBackend', () => {
  test('counts kernels, runs, plans and bytes', async () => {
    const backend = recordBackend(cpu())
    const a = tensor(new Float32Array(12), { shape: [3, 4] })
    const b = tensor(new Float32Array(20), { shape: [4, 5] })
    const y = matmul(a, b).relu()
    await withBackend(backend, () => realize(y))
    const { record } = backend
    expect(record).toMatchObject({ dispatches: 1, runs: 1, plansCompiled: 1 })
    expect(record).toMatchObject({ bytesRead: 48 + 80, bytesWritten: 60, bytesUploaded: 128 })
    expect(record.bytesHeld).toBe(128 + 60 + (backend.plans[0]?.arenaByteLength ?? 0))
    await withBackend(backend, () => y.data())
    expect(backend.record.bytesDownloaded).toBe(60)
    expect(describeRecord(record)).toContain('1 dispatch in 1 run')
  })

  test('counts what is held until it is freed, arenas too', async () => {
    const backend = recordBackend(cpu())
    const first = backend.allocate(1000)
    const second = backend.allocate(24)
    backend.free(first)
    expect(backend.record).toMatchObject({ bytesHeld: 24, peakBytes: 1024, buffersHeld: 1 })
    backend.resetRecord()
    expect(backend.record).toMatchObject({ bytesHeld: 24, peakBytes: 24, buffersHeld: 1 })
    backend.free(second)
    expect(backend.record).toMatchObject({ bytesHeld: 0, buffersHeld: 0 })
  })

  test('gives the results of the backend inside', async () => {
    const step = compile((x: Tensor) => x.mul(2).sum())
    const backend = recordBackend(cpu())
    const total = await withBackend(backend, async () => step(tensor([1, 2, 3])))
    expect(await withBackend(backend, () => total.item())).toBe(12)
  })
})
