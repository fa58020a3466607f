import { describe, expect, test } from 'vitest'
import type { Progress } from '../../worker/progress-meter.ts'
import { addProgress, addTest, emptyHistory } from './history.ts'

const progress = (samples: number, changes: Partial<Progress> = {}): Progress => ({
  samples,
  loss: 0.5,
  accuracy: 0.8,
  samplesPerSecond: 1000,
  elapsedMs: samples,
  backend: 'wasm',
  ...changes,
})

describe('the curves of a run', () => {
  test('have columns of one length, with gaps', () => {
    let history = addProgress(emptyHistory, progress(128, { samplesPerSecond: undefined }))
    history = addTest(history, { samples: 300, loss: 0.4, accuracy: 0.9 })
    history = addProgress(history, progress(500))
    expect(history).toMatchObject({
      x: [128, 300, 500],
      loss: [0.5, null, 0.5],
      testLoss: [null, 0.4, null],
      testAccuracy: [null, 0.9, null],
      seconds: [0.128, 0.5],
      speed: [null, 1000],
    })
  })

  test('break where a loss is no number', () => {
    const lossless = addProgress(emptyHistory, progress(128, { loss: Number.NaN }))
    expect(lossless).toMatchObject({ x: [128], loss: [null], accuracy: [0.8] })
    expect(lossless.latest?.loss).toBeNaN()
  })

  test('hold a test and a report of the same moment side by side', () => {
    const history = addTest(addProgress(emptyHistory, progress(128)), {
      samples: 128,
      loss: 0.4,
      accuracy: 0.9,
    })
    expect(history).toMatchObject({ x: [128], loss: [0.5], testLoss: [0.4] })
  })

  test('mark where another backend takes over, and keep the speed of each', () => {
    let history = addProgress(emptyHistory, progress(128))
    history = addProgress(history, progress(256, { samplesPerSecond: 2000 }))
    history = addProgress(history, progress(512, { backend: 'cpu', samplesPerSecond: undefined }))
    history = addProgress(history, progress(640, { backend: 'cpu', samplesPerSecond: 50 }))
    expect(history.swaps).toEqual([{ x: 256, seconds: 0.256, backend: 'cpu' }])
    expect(history.speed).toEqual([1000, 1200, null, 50])
    expect([...history.speeds]).toEqual([
      ['wasm', 1200],
      ['cpu', 50],
    ])
  })
})
