import { setBackend } from 'tensorweft'
import { beforeAll, expect, test } from 'vitest'
import type { Digits } from '../data/mnist.ts'
import { type Context, createContext } from './context.ts'
import { saveCheckpoint } from './digit-checkpoint.ts'
import { defaultSettings } from './digit-settings.ts'
import { createDigitTraining } from './digit-training.ts'
import { type TrainEvent, trainService } from './train-service.ts'

beforeAll(async () => {
  await setBackend('cpu')
})

const count = 256
const digits: Digits = {
  images: Uint8Array.from({ length: count * 784 }, (_, i) => (i * i) % 256),
  labels: Uint8Array.from({ length: count }, (_, i) => i % 10),
  count,
}

/** The service on few digits, and what it tells, in words. */
function serviceThatTells() {
  const context: Context = createContext()
  context.mnist = async () => ({ train: digits, test: digits })
  const service = trainService(context)
  const told: string[] = []
  const until = Promise.withResolvers<void>()
  service.listen((event: TrainEvent) => {
    told.push(event.kind === 'phase' ? event.phase : event.kind)
    if (event.kind === 'progress') until.resolve()
  })
  return { service, told, progress: until.promise }
}

const settings = { ...defaultSettings, batchSize: 8 }

test('a training that is loaded while another one ends takes its place', async () => {
  const { service, told, progress } = serviceThatTells()
  const bytes = await saveCheckpoint(createDigitTraining(settings))
  const started = service.start(settings, 100)
  await progress
  const paused = service.pause()
  await service.load(bytes)
  await Promise.all([started, paused])
  expect(told.slice(told.lastIndexOf('loading'))).toEqual(['loading', 'settings', 'paused', 'test'])
})
