import { cpu } from '@tensorweft/backend-cpu'
import { wasm } from '@tensorweft/backend-wasm'
import { type DeviceLike, webgpu } from '@tensorweft/backend-webgpu'
import {
  type Backend,
  BackendError,
  key,
  setBackend,
  sparseSoftmaxCrossEntropy,
} from '@tensorweft/core'
import {
  batchNormalization,
  dense,
  dropout,
  type FitOptions,
  modelCheckpoint,
  sequential,
  type TrainingCallback,
  trainer,
} from '@tensorweft/layers'
import { adam } from '@tensorweft/optimizers'
import { useSwiftShader } from '@tensorweft/testkit/swift-shader'
import { describe, expect, test } from 'vitest'

const hasDevice = useSwiftShader('training that goes on after a lost device')

// Its objects do not keep alive what they came from.
const kept: unknown[] = []

async function newDevice(): Promise<DeviceLike> {
  // Not before it is known on what Dawn computes.
  const { create } = await import('webgpu')
  const gpu = create([])
  const adapter = await gpu.requestAdapter()
  if (adapter === null) throw new Error('SwiftShader is an adapter')
  kept.push(gpu, adapter)
  return adapter.requestDevice()
}

const count = 48
const x = Array.from({ length: count }, (_, i) => [0, 1, 2, 3].map((k) => Math.sin(i * (k + 1))))
const y = Int32Array.from(x, ([a = 0, b = 0, c = 0]) => (a + b > 0.3 ? 0 : c > 0 ? 1 : 2))
const options: FitOptions = { epochs: 3, batchSize: 8 }

/** With all that a snapshot must have: randomness, statistics, moments, the order of the samples. */
function classifier() {
  const model = sequential(batchNormalization(), dropout({ rate: 0.2 }), dense({ units: 3 }))
  return trainer({
    model,
    loss: sparseSoftmaxCrossEntropy,
    optimizer: adam({ learningRate: 0.1 }),
    key: key(5),
  })
}

/** Notes the mean loss of each epoch so far, after every step. */
function noting(losses: Map<string, number>): TrainingCallback {
  return {
    async onBatchEnd({ epoch, step, readLogs }) {
      losses.set(`${epoch}.${step}`, (await readLogs()).loss ?? Number.NaN)
    },
  }
}

/** Mean losses of a run by epoch and step. */
async function undisturbed(): Promise<Map<string, number>> {
  const losses = new Map<string, number>()
  await classifier().fit({ x, y }, { ...options, callbacks: [noting(losses)] })
  return losses
}

/** Trains until the device is lost in the middle of the second epoch. */
async function disturbed(losses: Map<string, number>) {
  const device = await newDevice()
  await setBackend(await webgpu({ device }))
  let latest = new Uint8Array()
  const write = (bytes: Uint8Array) => {
    latest = bytes.slice()
  }
  const loseDevice: TrainingCallback = {
    onBatchEnd({ epoch, step }) {
      if (epoch === 2 && step === 3) device.destroy()
    },
  }
  const callbacks = [modelCheckpoint({ everySteps: 2, write }), noting(losses), loseDevice]
  const digits = classifier()
  await expect(digits.fit({ x, y }, { ...options, callbacks })).rejects.toThrow(BackendError)
  await expect(digits.save()).rejects.toThrow('device that was lost')
  return { digits, latest }
}

describe.skipIf(!hasDevice)('training', () => {
  test('goes on from the last checkpoint when its device is lost in the middle of an epoch', async () => {
    const before = new Map<string, number>()
    const { digits, latest } = await disturbed(before)
    const resume = async (backend: Backend) => {
      await setBackend(backend)
      digits.load(latest)
      expect([digits.epoch, digits.step]).toEqual([1, 2])
      const losses = new Map(before)
      const callbacks = [noting(losses)]
      const { history } = await digits.fit({ x, y }, { ...options, epochs: 2, callbacks })
      expect(history.loss[1]).toBe(losses.get('3.6'))
      return losses
    }
    const onAnother = await resume(await webgpu({ device: await newDevice() }))
    const wanted = await undisturbed()
    expect([...onAnother]).toEqual([...wanted])
    expect(wanted.get('3.6')).toBeLessThan((wanted.get('1.1') ?? 0) / 1.2)
    for (const backend of [wasm(), cpu()]) {
      for (const [step, loss] of await resume(backend)) {
        const difference = Math.abs(loss - (wanted.get(step) ?? Number.NaN))
        expect(difference, `${backend.name}, step ${step}`).toBeLessThanOrEqual(1e-5)
      }
    }
  }, 300_000)
})
