import { cpu } from '@tensorweft/backend-cpu'
import { wasm } from '@tensorweft/backend-wasm'
import { type Backend, key, setBackend } from '@tensorweft/core'
import { dense, SafetensorsError, TrainingError, WeightsError } from '@tensorweft/layers'
import { sgd } from '@tensorweft/optimizers'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { wasserstein } from '../index.ts'
import { batchesOf, collect, makeGame, stateOf } from './gan.testing.ts'

const backends: Record<string, () => Backend> = { cpu, wasm: () => wasm() }

describe.each(Object.keys(backends))('a training that goes on, on %s', (name) => {
  let backend: Backend | undefined
  beforeAll(async () => {
    backend = await setBackend(backends[name]?.() ?? cpu())
  })
  afterAll(() => backend?.dispose())

  const make = (seed: number) =>
    makeGame({
      objective: wasserstein(),
      discriminatorSteps: 2,
      averageDecay: 0.9,
      key: key(seed),
    })
  const options = { reportEvery: 7, sampleEvery: 14, samples: 3 }

  test('is, bit for bit, the one without a stop', async () => {
    const whole = make(1)
    const events = await collect(whole.train(batchesOf(), { ...options, steps: 30 }))
    const early = make(1)
    const before = await collect(early.train(batchesOf(), { ...options, steps: 17 }))
    // Another trainer with other weights and keys takes it over.
    const late = make(2)
    late.load(await early.save())
    expect([late.step, late.batchCount]).toEqual([17, 34])
    const after = await collect(late.train(batchesOf(), { ...options, steps: 13 }))
    expect(await stateOf(late)).toEqual(await stateOf(whole))
    const plain = async (all: typeof events) =>
      Promise.all(all.map(async (event) => ({ ...event, samples: await event.samples?.array() })))
    expect(await plain([...before, ...after])).toEqual(await plain(events))
    expect(await late.generate(4).array()).toEqual(await whole.generate(4).array())
  })
})

describe('a training that is saved at any moment', () => {
  beforeAll(() => setBackend(cpu()))

  test('goes on as it did, also from between updates of one step', async () => {
    const make = (seed: number) => makeGame({ discriminatorSteps: 3, key: key(seed) })
    const game = make(1)
    const saves: Promise<Uint8Array>[] = []
    // Whenever the trainer waits, something else may run.
    const state = { isTraining: true }
    const watch = async () => {
      while (state.isTraining) {
        saves.push(game.save())
        await new Promise((resolve) => setTimeout(resolve))
      }
    }
    const watching = watch()
    const batches = batchesOf()
    const late = async function* (from: number) {
      for await (const batch of await batches(from)) {
        await new Promise((resolve) => setTimeout(resolve))
        yield batch
      }
    }
    await collect(game.train(late, { steps: 6 }))
    state.isTraining = false
    await watching
    const wanted = await stateOf(game)
    const places = new Map<string, Uint8Array>()
    for (const bytes of await Promise.all(saves)) {
      const other = make(2)
      other.load(bytes)
      places.set(`${other.step}, ${other.batchCount}`, bytes)
    }
    expect(places.size).toBeGreaterThan(3)
    for (const bytes of places.values()) {
      const other = make(3)
      other.load(bytes)
      if (other.step < 6) await collect(other.train(batchesOf(), { steps: 6 - other.step }))
      expect(await stateOf(other)).toEqual(wanted)
    }
  })

  test('does no more than a step where it goes on with more updates in each', async () => {
    const game = makeGame({ discriminatorSteps: 1 })
    await collect(game.train(batchesOf(), { steps: 10 }))
    const other = makeGame({ discriminatorSteps: 4 })
    other.load(await game.save())
    await collect(other.train(batchesOf(), { steps: 2 }))
    expect([other.step, other.batchCount]).toEqual([12, 18])
  })
})

describe('load', () => {
  beforeAll(() => setBackend(cpu()))

  test('refuses what does not fit, and changes nothing', async () => {
    const game = makeGame({ averageDecay: 0.9 })
    await collect(game.train(batchesOf(), { steps: 3 }))
    const before = await stateOf(game)
    const bytes = await game.save()
    const damaged = bytes.slice(0, -5)
    expect(() => game.load(damaged)).toThrow(SafetensorsError)
    const without = await makeGame().save()
    expect(() => game.load(without)).toThrow(WeightsError)
    expect(() => game.load(without)).toThrow("'averages.dense.kernel' is missing")
    const other = await makeGame({ discriminator: dense({ units: 1 }) }).save()
    expect(() => game.load(other)).toThrow(WeightsError)
    const otherRule = await makeGame({ averageDecay: 0.9, generatorOptimizer: sgd() }).save()
    expect(() => game.load(otherRule)).toThrow("'generatorOptimizer.")
    expect(await stateOf(game)).toEqual(before)
    expect(game.step).toBe(3)
    game.load(bytes)
    expect(await stateOf(game)).toEqual(before)
  })

  test('and train refuse a trainer that trains; save and generate do not', async () => {
    const game = makeGame()
    const events = game.train(batchesOf(), { reportEvery: 2 })
    await events.next()
    const saved = await game.save()
    const { step } = game
    expect(() => game.load(saved)).toThrow(TrainingError)
    await expect(game.train(batchesOf()).next()).rejects.toThrow('a trainer that is training')
    expect(game.generate(2).shape).toEqual([2, 2])
    await events.return()
    const other = makeGame()
    other.load(saved)
    expect(other.step).toBe(step)
    game.load(saved)
    await collect(game.train(batchesOf(), { steps: 5 }))
    await collect(other.train(batchesOf(), { steps: 5 }))
    expect(await stateOf(other)).toEqual(await stateOf(game))
  })
})
