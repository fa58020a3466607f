import { memory, setBackend } from 'tensorweft'
import { beforeEach, describe, expect, test } from 'vitest'
import { createContext } from './context.ts'
import type { PlanName } from './kernels/plans.ts'
import { kernelsService } from './kernels-service.ts'

const context = createContext()
const service = kernelsService(context)

beforeEach(() => {
  context.settings = { ...context.settings, batchSize: 8 }
})

describe.each(['cpu', 'wasm'])('on %s', (backend) => {
  beforeEach(async () => {
    await setBackend(backend)
  })

  test('a training step is taken apart into kernels with time, bytes and operations', async () => {
    const reports: string[] = []
    const plan = await service.measure('training', (done, count) =>
      reports.push(`${done}/${count}`),
    )
    const kernels = plan?.kernels ?? []
    expect(plan?.backend).toBe(backend)
    expect(reports).toEqual(kernels.map((_, i) => `${i}/${kernels.length}`))
    expect(kernels.map(({ number }) => number)).toEqual(kernels.map((_, i) => i + 1))
    for (const { elapsedMs, byteLength, operations } of kernels) {
      expect(elapsedMs).toBeGreaterThan(0)
      expect(byteLength).toBeGreaterThan(0)
      expect(operations).toBeGreaterThanOrEqual(0)
    }
    const first = kernels.find(({ kind }) => kind === 'contract')
    expect(first).toMatchObject({ shape: '[8] by [256] over [784]' })
    expect(first?.operations).toBeGreaterThanOrEqual(2 * 8 * 256 * 784)
  })

  test('the source of a kernel is shown as loops and as the code of the backend', async () => {
    await service.measure('prediction', () => {})
    const { loops, code } = await service.source(1)
    expect(loops).toMatch(/^1\. contract: .*matmul/)
    expect(loops).toContain('m [i0 < 8], n [i1 < 256], k [i2 < 784]')
    expect(code?.language).toBe(backend === 'wasm' ? 'WebAssembly' : undefined)
    if (code !== undefined) expect(code.text).toMatch(/^\(module[\s\S]* f32x4\.(mul|relaxed_madd)/)
    await expect(service.source(99)).rejects.toThrow('No kernel 99 was measured.')
  })
})

test.each<PlanName>(['discriminator', 'generator'])(
  'the step of the %s is a plan',
  async (name) => {
    await setBackend('wasm')
    const plan = await service.measure(name, () => {})
    expect(plan?.kernels.length).toBeGreaterThan(15)
  },
)

test('what is measured gives its memory back', async () => {
  const { name } = await setBackend('cpu')
  await service.measure('prediction', () => {})
  const bytes = () => memory().backends.find((backend) => backend.name === name)?.planBytes ?? 0
  const before = bytes()
  await service.measure('prediction', () => {})
  expect(bytes()).toBe(before)
})

test('a measurement ends when it is cancelled, and when another run begins', async () => {
  await setBackend('cpu')
  const cancelled = await service.measure('training', (done) => {
    if (done === 2) service.cancel()
  })
  expect(cancelled).toBeUndefined()
  const run = { pause: async () => {} }
  const displaced = await service.measure('training', (done) => {
    if (done === 1) context.take(run, async () => {})
  })
  expect(displaced).toBeUndefined()
})
