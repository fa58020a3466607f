import { cpu } from '@tensorweft/backend-cpu'
import { type Backend, BackendError, setBackend, tensor } from '@tensorweft/core'
import { chromium } from '@tensorweft/testkit/swift-shader'
import { beforeEach, describe, expect, test } from 'vitest'
import { adamTraining } from './testing/adam-training.testing.ts'
import { createOnDevice } from './testing/backends.testing.ts'

type Training = ReturnType<typeof adamTraining>

async function lossesOf(training: Training, steps: number): Promise<number[]> {
  const losses: number[] = []
  for (let k = 0; k < steps; k++) losses.push(await training.step().item())
  return losses
}

describe.skipIf(chromium === undefined)('a device that is lost', () => {
  let backend: Backend
  let device: GPUDevice

  beforeEach(async () => {
    const made = await createOnDevice()
    backend = made.backend
    device = made.device
    await setBackend(backend)
    return () => backend.dispose()
  })

  test('is told by every call, once that is known, with what to do', async () => {
    const training = adamTraining()
    await training.step().item()
    const buffer = backend.allocate(8)
    device.destroy()
    const lost = /device that was lost \(destroyed\)[\s\S]*last checkpoint/
    await expect(backend.finish()).rejects.toThrow(lost)
    expect(() => backend.allocate(8)).toThrow(lost)
    expect(() => backend.write(buffer, new Uint8Array(8))).toThrow(lost)
    await expect(backend.read(buffer)).rejects.toThrow(lost)
    await expect((async () => training.step().item())()).rejects.toThrow(BackendError)
    await expect(tensor([1]).add(1).data()).rejects.toThrow(lost)
    expect(() => backend.free(buffer)).not.toThrow()
  })

  test('rejects reads that are under way, also while pipelines are compiled', async () => {
    const training = adamTraining()
    const first = training.step().data()
    device.destroy()
    await expect(first).rejects.toThrow('device that was lost')
  })

  test('takes the values of parameters with it, and says so until they are restored', async () => {
    const training = adamTraining()
    await training.step().item()
    const snapshot = await training.save()
    const [weight] = training.weights
    // Steps that were enqueued, and nothing was read of them.
    for (let k = 0; k < 3; k++) training.step()
    device.destroy()
    await expect(backend.finish()).rejects.toThrow(BackendError)
    await setBackend(cpu())
    for (let k = 0; k < 2; k++) {
      const told = weight?.value.data()
      await expect(told).rejects.toThrow(/float32 \[6, 9\][\s\S]*device that was lost/)
    }
    await expect((async () => training.step().item())()).rejects.toThrow('device that was lost')
    training.load(snapshot)
    expect([...((await weight?.value.data()) ?? [])]).toEqual([...(snapshot.floats[0] ?? [])])
  })

  test.each([
    ['a new device', async () => (await createOnDevice()).backend, 0],
    ['another backend', async () => cpu(), 1e-5],
  ])('ends no training: it goes on from a snapshot on %s', async (_, create, tolerance) => {
    const undisturbed = await lossesOf(adamTraining(), 12)
    expect(undisturbed[11]).toBeLessThan((undisturbed[0] ?? 0) / 2)
    const training = adamTraining()
    const losses = await lossesOf(training, 4)
    const snapshot = await training.save()
    losses.push(...(await lossesOf(training, 2)))
    // In the middle of steps that were enqueued.
    const steps = [training.step(), training.step()]
    device.destroy()
    const pending = [training.step(), ...steps].map((loss) => loss.item())
    expect((await Promise.allSettled(pending)).map(({ status }) => status)).toContain('rejected')
    const next = await create()
    await setBackend(next)
    training.load(snapshot)
    const rest = await lossesOf(training, 8)
    expect(await training.count.value.data()).toEqual(Int32Array.of(12))
    const resumed = [...losses.slice(0, 4), ...rest]
    resumed.forEach((loss, k) => {
      expect(Math.abs(loss - (undisturbed[k] ?? Number.NaN))).toBeLessThanOrEqual(tolerance)
    })
    expect(losses.slice(4)).toEqual(undisturbed.slice(4, 6))
    await next.dispose()
  })
})
