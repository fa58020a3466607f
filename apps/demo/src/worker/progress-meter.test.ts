import { describe, expect, test } from 'vitest'
import { type EpochState, ProgressMeter } from './progress-meter.ts'

/** A meter for epochs of 10,000 samples, on a clock that the test sets. */
function meterAt0() {
  const clock = { ms: 0 }
  return { clock, meter: new ProgressMeter(10_000, () => clock.ms) }
}

const state = (changes: Partial<EpochState>): EpochState => ({
  epoch: 1,
  samples: 1000,
  loss: 2,
  accuracy: 0.1,
  backend: 'wasm',
  ...changes,
})

describe('a progress meter', () => {
  test('gives the mean since the last report', () => {
    const { meter } = meterAt0()
    expect(meter.measure(state({}))).toMatchObject({ loss: 2, accuracy: 0.1 })
    // 1000 samples with loss 2, then 3000 with loss 1.
    const next = meter.measure(state({ samples: 4000, loss: 1.25, accuracy: 0.7 }))
    expect(next.loss).toBeCloseTo(1, 10)
    expect(next.accuracy).toBeCloseTo(0.9, 10)
    expect(next).toMatchObject({ samples: 4000 })
  })

  test('begins anew with each epoch', () => {
    const { meter } = meterAt0()
    meter.measure(state({ samples: 10_000, loss: 5 }))
    const next = meter.measure(state({ epoch: 2, samples: 500, loss: 0.5 }))
    expect(next).toMatchObject({ loss: 0.5, samples: 10_500 })
  })

  test('measures speed between reports, without what interrupted them', () => {
    const { meter, clock } = meterAt0()
    expect(meter.measure(state({})).samplesPerSecond).toBeUndefined()
    clock.ms = 100
    const resume = meter.interrupt()
    clock.ms = 400
    resume()
    clock.ms = 500
    // 3000 samples in 500 ms, of which 300 were a test.
    const { samplesPerSecond, elapsedMs } = meter.measure(state({ samples: 4000 }))
    expect(samplesPerSecond).toBeCloseTo(15_000, 6)
    expect(elapsedMs).toBe(200)
  })

  test('has no speed across a swap of the backend or a pause', () => {
    const { meter, clock } = meterAt0()
    meter.measure(state({}))
    clock.ms = 500
    const swapped = meter.measure(state({ samples: 2000, backend: 'cpu' }))
    expect(swapped.samplesPerSecond).toBeUndefined()
    clock.ms = 1000
    expect(meter.measure(state({ samples: 3000, backend: 'cpu' })).samplesPerSecond).toBe(2000)
    meter.restart()
    clock.ms = 9000
    const resumed = meter.measure(state({ samples: 5000, loss: 2, backend: 'cpu' }))
    expect(resumed.samplesPerSecond).toBeUndefined()
    expect(resumed).toMatchObject({ loss: 2, elapsedMs: 1000 })
  })

  test('waits for enough samples, but not for ever', () => {
    const { meter, clock } = meterAt0()
    expect(meter.isDue(1, 128)).toBe(true)
    meter.measure(state({}))
    clock.ms = 159
    expect(meter.isDue(1, 9000)).toBe(false)
    clock.ms = 160
    expect(meter.isDue(1, 2999)).toBe(false)
    expect(meter.isDue(1, 3000)).toBe(true)
    clock.ms = 1000
    expect(meter.isDue(1, 1128)).toBe(true)
  })
})
