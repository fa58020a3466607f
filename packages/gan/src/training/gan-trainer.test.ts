import { cpu } from '@tensorweft/backend-cpu'
import { wasm } from '@tensorweft/backend-wasm'
import { gradients, key, ones, realize, setBackend, type Tensor, tensor } from '@tensorweft/core'
import {
  batchNormalization,
  conv2d,
  dense,
  dropout,
  exportWeights,
  flatten,
  reshape,
  sequential,
} from '@tensorweft/layers'
import { adam, sgd } from '@tensorweft/optimizers'
import { recordBackend } from '@tensorweft/testkit'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import {
  ganTrainer,
  hinge,
  leastSquares,
  minimax,
  nonSaturating,
  shuffledBatches,
  wasserstein,
} from '../index.ts'
import { batchesOf, collect, makeGame, stateOf } from './gan.testing.ts'

beforeEach(async () => {
  await setBackend(cpu())
})
afterEach(async () => {
  await setBackend(cpu())
})

const ones8 = (): Tensor[] => Array.from({ length: 8 }, () => ones([4, 1]))

/** Generator z ↦ a z and discriminator x ↦ w x, with known first weights. */
const lineGame = (objective = nonSaturating()) =>
  ganTrainer({
    generator: dense({ units: 1, useBias: false, kernelInitializer: 'ones' }),
    discriminator: dense({ units: 1, useBias: false, kernelInitializer: 'ones' }),
    objective,
    generatorOptimizer: sgd({ learningRate: 0.1 }),
    discriminatorOptimizer: sgd({ learningRate: 0.1 }),
    latentSize: 1,
  })

describe('a step', () => {
  test.each([
    nonSaturating(),
    minimax(),
    leastSquares({ labelSmoothing: 0.1 }),
    hinge(),
    wasserstein(),
  ])('of $name updates first the one, then the other', async (objective) => {
    const game = lineGame(objective)
    const before = await stateOf(game)
    const [event] = await collect(game.train(ones8(), { steps: 1, reportEvery: 1 }))
    const after = await stateOf(game)
    const [w0 = 0, w1 = 0] = [before, after].map((state) => state['discriminator.kernel']?.[0])
    const [a0 = 0, a1 = 0] = [before, after].map((state) => state['generator.kernel']?.[0])
    // Steps of 0.1 along the gradients whose sizes were reported.
    expect(Math.abs(w1 - w0)).toBeCloseTo(0.1 * (event?.discriminatorGradientNorm ?? 0), 5)
    expect(Math.abs(a1 - a0)).toBeCloseTo(0.1 * (event?.generatorGradientNorm ?? 0), 5)
    expect(w1).not.toBe(w0)
    expect(a1).not.toBe(a0)
    // The loss of real samples at x = 1, where the logit is w0 = 1.
    const real = await objective.realLoss(tensor([[1]])).item()
    const penalty = (event?.penaltyNorm ?? 1) - 1
    expect(penalty).toBeCloseTo(0, 5)
    expect(event?.discriminatorLoss).toBeGreaterThan(real - 3)
    expect(event?.realScore).toBeCloseTo(await objective.score(tensor([[1]])).item(), 5)
    expect(event?.realVariance).toBe(0)
    expect('penaltyNorm' in (event ?? {})).toBe(objective.name === 'wasserstein')
  })

  test('of the discriminator has the gradient of its loss on known batches', async () => {
    // A generator of zeros: whatever the noise is, generated samples are 0.
    const game = ganTrainer({
      generator: dense({ units: 1, useBias: false, kernelInitializer: 'zeros' }),
      discriminator: dense({ units: 1, kernelInitializer: 'ones' }),
      generatorOptimizer: sgd({ learningRate: 0.5 }),
      discriminatorOptimizer: sgd({ learningRate: 1 }),
      latentSize: 2,
    })
    const [event] = await collect(game.train([tensor([[2], [-1]])], { steps: 1, reportEvery: 1 }))
    const w = tensor([1])
    const b = tensor([0])
    const at = (x: number[]) => tensor(x).mul(w).add(b)
    const objective = nonSaturating()
    const loss = objective.realLoss(at([2, -1])).add(objective.fakeLoss(at([0, 0])))
    const [dw, db] = gradients(loss, [w, b])
    const state = await stateOf(game)
    expect(event?.discriminatorLoss).toBeCloseTo(await loss.item(), 5)
    expect(state['discriminator.kernel']?.[0]).toBeCloseTo(1 - (await dw.sum().item()), 5)
    expect(state['discriminator.bias']?.[0]).toBeCloseTo(0 - (await db.sum().item()), 5)
    expect(event?.fakeVariance).toBe(0)
    expect(event?.realVariance).toBeCloseTo(2.25, 5)
  })

  test('uses as many batches as the discriminator has steps', async () => {
    const game = makeGame({ discriminatorSteps: 3 })
    await collect(game.train(batchesOf(), { steps: 4 }))
    expect([game.step, game.batchCount]).toEqual([4, 12])
    const state = await stateOf(game)
    expect(state['discriminatorOptimizer.step']).toEqual([12])
    expect(state['generatorOptimizer.step']).toEqual([4])
  })

  test('trains layers that behave otherwise in use, with keys of their own', async () => {
    const game = ganTrainer({
      generator: sequential(
        dense({ units: 8 }),
        batchNormalization(),
        reshape({ targetShape: [2, 2, 2] }),
        conv2d({ filters: 1, kernelSize: 1 }),
      ),
      discriminator: sequential(
        conv2d({ filters: 2, kernelSize: 2 }),
        batchNormalization(),
        flatten(),
        dropout({ rate: 0.3 }),
        dense({ units: 1 }),
      ),
      generatorOptimizer: adam(),
      discriminatorOptimizer: adam(),
      latentSize: 3,
    })
    const images = {
      data: Float32Array.from({ length: 64 }, (_, i) => i % 5),
      shape: [16, 2, 2, 1],
    }
    const batches = shuffledBatches(images, { batchSize: 8, key: key(1) })
    const [event] = await collect(game.train(batches, { steps: 20, reportEvery: 20 }))
    expect(event?.discriminatorLoss).toSatisfy(Number.isFinite)
    const state = await stateOf(game)
    expect(state['generator.batchNormalization.movingMean']).not.toEqual([0, 0, 0, 0, 0, 0, 0, 0])
    expect(game.generate(3).shape).toEqual([3, 2, 2, 1])
    expect(await game.generate(3).array()).toEqual(await game.generate(3).array())
  })
})

describe('events', () => {
  test('come at the steps that were asked for, in order', async () => {
    const game = makeGame()
    const steps = async (options: object) =>
      (await collect(game.train(batchesOf(), options))).map(({ step, samples }) => [
        step,
        samples?.shape,
      ])
    expect(await steps({ steps: 25, reportEvery: 10 })).toEqual([
      [10, undefined],
      [20, undefined],
    ])
    expect(await steps({ steps: 25, reportEvery: 20, sampleEvery: 15, samples: 5 })).toEqual([
      [30, [5, 2]],
      [40, undefined],
      [45, [5, 2]],
    ])
    expect(game.step).toBe(50)
  })

  test('have samples of their step, from noise that stays', async () => {
    const noise = tensor([
      [1, 2, 3],
      [-1, 0, 1],
    ])
    const game = makeGame()
    const events = await collect(
      game.train(batchesOf(), { steps: 20, sampleEvery: 10, samples: noise }),
    )
    const other = makeGame()
    await collect(other.train(batchesOf(), { steps: 10 }))
    expect(await events[0]?.samples?.array()).toEqual(await other.generate(noise).array())
    expect(await events[1]?.samples?.array()).toEqual(await game.generate(noise).array())
    const counted = makeGame()
    const [first] = await collect(counted.train(batchesOf(), { steps: 10, sampleEvery: 10 }))
    expect(await first?.samples?.array()).toEqual(await counted.generate(16).array())
  })

  test('do not change what is learned', async () => {
    const [quiet, loud] = [makeGame({ averageDecay: 0.9 }), makeGame({ averageDecay: 0.9 })]
    await collect(quiet.train(batchesOf(), { steps: 30, reportEvery: 1000 }))
    await collect(loud.train(batchesOf(), { steps: 30, reportEvery: 3, sampleEvery: 2 }))
    expect(await stateOf(loud)).toEqual(await stateOf(quiet))
  })
})

describe('the end of a loop', () => {
  test('that is left leaves a training that goes on', async () => {
    const [game, whole] = [makeGame(), makeGame()]
    for await (const { step } of game.train(batchesOf(), { reportEvery: 5 })) if (step >= 10) break
    expect(game.step).toBeGreaterThanOrEqual(10)
    await collect(game.train(batchesOf(), { steps: 40 - game.step }))
    await collect(whole.train(batchesOf(), { steps: 40 }))
    expect(await stateOf(game)).toEqual(await stateOf(whole))
  })

  test('by a signal has its reason', async () => {
    const controller = new AbortController()
    const reason = new Error('enough')
    const game = makeGame()
    const loop = async () => {
      for await (const { step } of game.train(batchesOf(), {
        reportEvery: 1,
        signal: controller.signal,
      })) {
        if (step === 3) controller.abort(reason)
      }
    }
    await expect(loop()).rejects.toBe(reason)
    const { step } = game
    expect(step).toBeLessThan(20)
    await expect(collect(game.train(batchesOf(), { signal: controller.signal }))).rejects.toBe(
      reason,
    )
    expect(game.step).toBe(step)
  })

  test('by a signal does not wait for data that do not come', async () => {
    const game = lineGame()
    const controller = new AbortController()
    const reason = new Error('enough')
    let goOn = () => {}
    const late = new Promise<void>((resolve) => {
      goOn = resolve
    })
    let isClosed = false
    const stalled = async function* () {
      try {
        yield* ones8()
        setTimeout(() => controller.abort(reason), 1)
        await late
        yield* ones8()
      } finally {
        isClosed = true
      }
    }
    const loop = collect(game.train(stalled, { steps: 10, signal: controller.signal }))
    await expect(loop).rejects.toBe(reason)
    const { step } = game
    expect(step).toBe(8)
    goOn()
    await vi.waitFor(() => expect(isClosed).toBe(true), 60_000)
    await collect(game.train(ones8(), { steps: 1 }))
    expect(game.step).toBe(9)
  })

  test('comes with the batches of an iterable', async () => {
    const game = lineGame()
    await collect(game.train(ones8()))
    expect(game.step).toBe(8)
    await expect(collect(game.train(ones8(), { steps: 10 }))).rejects.toThrow(
      'batches that ended with 2 of 10 steps to do',
    )
    expect(game.step).toBe(16)
    const asked: number[] = []
    const batches = (from: number) => {
      asked.push(from)
      return ones8()
    }
    await collect(game.train(batches, { steps: 20 }))
    expect(asked).toEqual([16, 24, 32])
    await expect(collect(game.train(() => []))).rejects.toThrow('no batches from batch 36 on')
  })

  test('lets a generator that the program holds go on, and ends others', async () => {
    let [made, ended] = [0, 0]
    function* batches() {
      try {
        for (;;) {
          made++
          yield ones([4, 1])
        }
      } finally {
        ended++
      }
    }
    const held = batches()
    const game = lineGame()
    await collect(game.train(held, { steps: 3 }))
    await collect(game.train(held, { steps: 3 }))
    expect([made, ended]).toEqual([6, 0])
    await collect(game.train(batches, { steps: 3 }))
    await collect(game.train({ [Symbol.iterator]: batches }, { steps: 3 }))
    expect([made, ended]).toEqual([12, 2])
  })

  test('by what the batches throw leaves a training that goes on', async () => {
    const [game, whole] = [makeGame({ discriminatorSteps: 2 }), makeGame({ discriminatorSteps: 2 })]
    const failing = async function* (from: number) {
      let n = from
      for await (const batch of await batchesOf()(from)) {
        if (n++ === 7) throw new Error('no such file')
        yield batch
      }
    }
    await expect(collect(game.train(failing, { steps: 10 }))).rejects.toThrow('no such file')
    expect([game.step, game.batchCount]).toEqual([3, 7])
    await collect(game.train(batchesOf(), { steps: 7 }))
    await collect(whole.train(batchesOf(), { steps: 10 }))
    expect(await stateOf(game)).toEqual(await stateOf(whole))
  })
  test('by what the batches throw is told, whatever they say when they are closed', async () => {
    let closed = 0
    const source = (throwsAt: number) => ({
      [Symbol.asyncIterator]() {
        let n = 0
        return {
          async next() {
            if (n++ === throwsAt) throw new Error('no such file')
            return { done: false as const, value: n > 3 ? ones([4, 2]) : ones([4, 1]) }
          },
          async return(): Promise<never> {
            closed++
            throw new Error('cannot be closed')
          },
        }
      },
    })
    const game = lineGame()
    await expect(collect(game.train(source(2)))).rejects.toThrow('no such file')
    // What has thrown is not asked to end.
    expect(closed).toBe(0)
    await expect(collect(game.train(source(9)))).rejects.toThrow('a batch [4, 2]')
    expect(closed).toBe(1)
    await collect(game.train(ones8(), { steps: 1 }))
    expect(game.step).toBe(6)
  })
})

describe('averages', () => {
  test('follow the formula', async () => {
    const game = makeGame({ averageDecay: 0.5 })
    const averages: number[] = []
    let expected = 0
    for (let n = 0; n < 15; n++) {
      await collect(game.train(batchesOf(), { steps: 1 }))
      const state = await stateOf(game)
      const decay = Math.min(0.5, n / (n + 9))
      expected = decay * expected + (1 - decay) * (state['generator.dense.kernel']?.[0] ?? 0)
      averages.push(state['averages.dense.kernel']?.[0] ?? 0)
      expect(averages[n]).toBeCloseTo(expected, 5)
    }
  })

  test('make the samples, and leave the generator as it is', async () => {
    const game = makeGame({ averageDecay: 0.9 })
    const fresh = makeGame()
    const noise = tensor([[0.5, -1, 2]])
    expect(await game.generate(noise).array()).toEqual(await fresh.generate(noise).array())
    await collect(game.train(batchesOf(), { steps: 20 }))
    const before = await stateOf(game)
    const [weights, averaged] = [await exportWeights(game.generator), game.generate(noise)]
    expect(await averaged.array()).not.toEqual(await game.generator.apply(noise).array())
    const { 'averages.dense.kernel': kernel, 'averages.dense.bias': bias } = before
    const { 'averages.dense_1.kernel': kernel1, 'averages.dense_1.bias': bias1 } = before
    const hidden = noise
      .matmul(tensor([...(kernel ?? [])]).reshape([3, 6]))
      .add(tensor([...(bias ?? [])]))
    const wanted = hidden
      .tanh()
      .matmul(tensor([...(kernel1 ?? [])]).reshape([6, 2]))
      .add(tensor([...(bias1 ?? [])]))
    const [got, want] = [await averaged.data(), await wanted.data()]
    got.forEach((value, i) => {
      expect(value).toBeCloseTo(want[i] ?? Number.NaN, 5)
    })
    expect(await exportWeights(game.generator)).toEqual(weights)
    expect(await stateOf(game)).toEqual(before)
  })
})

describe('what a backend is asked to do', () => {
  test('keeps no noise of samples', async () => {
    const backend = recordBackend(cpu())
    await setBackend(backend)
    const game = makeGame()
    const given = Array.from({ length: 4 }, () => ones([8, 2]))
    await realize(...given)
    const held = async (steps: number) => {
      const events = game.train(() => given, { steps, reportEvery: 1000, sampleEvery: 1 })
      for await (const { samples } of events) samples?.dispose()
      return [backend.record.buffersHeld, backend.record.bytesHeld]
    }
    // What the making of the weights left behind is collected at some time: it may become less.
    const [buffers = 0, bytes = 0] = await held(10)
    for (const steps of [10, 30]) {
      const [buffersNow, bytesNow] = await held(steps)
      expect(buffersNow).toBeLessThanOrEqual(buffers)
      expect(bytesNow).toBeLessThanOrEqual(bytes)
    }
  })

  test.each([
    ['nonSaturating', nonSaturating(), 1],
    ['wasserstein', wasserstein(), 2],
  ] as const)('is the same in every step of %s', async (_, objective, discriminatorSteps) => {
    const backend = recordBackend(wasm())
    await setBackend(backend)
    const network = (units: number) =>
      sequential(
        dense({ units: 16, activation: 'relu' }),
        dense({ units: 16, activation: 'relu' }),
        dense({ units }),
      )
    const models = { generator: network(2), discriminator: network(1) }
    const game = makeGame({ ...models, objective, discriminatorSteps, averageDecay: 0.99 })
    const given = Array.from({ length: 8 }, (_, i) => ones([8, 2]).mul(i))
    await realize(...given)
    const endless = () => given
    await collect(game.train(endless, { steps: 20, reportEvery: 1000 }))
    const recordOfStep = async () => {
      backend.resetRecord()
      await collect(game.train(endless, { steps: 10, reportEvery: 1000 }))
      const { dispatches, runs, plansCompiled, bytesRead, bytesWritten } = backend.record
      const { bytesHeld, buffersHeld, bytesUploaded, bytesDownloaded } = backend.record
      return {
        work: {
          ...{ dispatches, runs, plansCompiled, bytesRead, bytesWritten },
          ...{ bytesUploaded, bytesDownloaded },
        },
        held: { bytesHeld, buffersHeld },
      }
    }
    const { work, held } = await recordOfStep()
    await collect(game.train(endless, { steps: 80, reportEvery: 1000 }))
    const later = await recordOfStep()
    expect(later.work).toEqual(work)
    // Less, where garbage of the beginning was collected meanwhile.
    expect(later.held.bytesHeld).toBeLessThanOrEqual(held.bytesHeld)
    expect(later.held.buffersHeld).toBeLessThanOrEqual(held.buffersHeld)
    // One plan per update.
    expect(work).toMatchObject({ runs: 10 * (discriminatorSteps + 1), plansCompiled: 0 })
    expect(work.bytesDownloaded).toBe(0)
  })
})
