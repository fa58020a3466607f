import { cpu } from '@tensorweft/backend-cpu'
import { setBackend, tensor, zeros } from '@tensorweft/core'
import { dense } from '@tensorweft/layers'
import { adam, sgd } from '@tensorweft/optimizers'
import { beforeAll, describe, expect, test } from 'vitest'
import { DivergenceError, hinge, leastSquares, nonSaturating, wasserstein } from '../index.ts'
import { batchesOf, collect, makeGame, stateOf } from './gan.testing.ts'
import { Health } from './health.ts'

beforeAll(() => setBackend(cpu()))

const measures = {
  discriminatorLoss: 1,
  generatorLoss: 1,
  discriminatorGradientNorm: 1,
  generatorGradientNorm: 1,
  realScore: 0.6,
  fakeScore: 0.4,
  realVariance: 1,
  fakeVariance: 0.8,
}

describe('a loss that is not finite', () => {
  test('ends the loop, and the trainer goes on from what was saved', async () => {
    const game = makeGame({
      objective: leastSquares(),
      discriminatorOptimizer: sgd({ learningRate: 1e25 }),
    })
    await collect(game.train(batchesOf(), { steps: 1 }))
    const saved = await game.save()
    const before = await stateOf(game)
    const error: unknown = await collect(
      game.train(batchesOf(), { steps: 40, reportEvery: 5 }),
    ).catch((caught: unknown) => caught)
    expect(error).toBeInstanceOf(DivergenceError)
    expect(error).toMatchObject({ name: 'DivergenceError', step: 5 })
    expect(String(error)).toMatch(/train: \w+ (NaN|-?Infinity) in step 5; wanted a finite number/)
    expect(String(error)).toContain('load the last file that was saved')
    await expect(game.save()).resolves.toBeInstanceOf(Uint8Array)
    game.load(saved)
    expect(await stateOf(game)).toEqual(before)
    expect(game.step).toBe(1)
  })
})

describe('a discriminator that tells everything apart', () => {
  test('is reported with advice once it has done so for a while', async () => {
    // All real samples lie at 10, and the generator, which does not learn, stays near 0.
    const game = makeGame({
      discriminator: dense({ units: 1 }),
      discriminatorOptimizer: adam({ learningRate: 0.5 }),
      generatorOptimizer: sgd({ learningRate: 0 }),
      generator: dense({ units: 1, kernelInitializer: 'zeros' }),
    })
    const real = [tensor([[10], [10.5], [9.5]])]
    const events = await collect(game.train(() => real, { steps: 100, reportEvery: 5 }))
    const kinds = events.map(({ warnings }) => warnings.map(({ kind }) => kind))
    expect(kinds[0]).toEqual([])
    expect(kinds.at(-1)).toContain('saturatedDiscriminator')
    const warning = events.at(-1)?.warnings.find(({ kind }) => kind === 'saturatedDiscriminator')
    expect(warning?.message).toMatch(/apart \((1\.000|0\.99\d) for real ones, 0\.0\d\d for gen/)
    expect(warning?.advice).toContain('learning rate')
  })

  test('is measured by what the objective can reach, if by anything', () => {
    const warningsOf = (objective: ReturnType<typeof hinge>, realScore: number) => {
      const health = new Health(objective)
      const report = () => health.warningsFor({ ...measures, realScore, fakeScore: 0.001 })
      return [report(), report(), report()].map((warnings) => warnings.length)
    }
    expect(warningsOf(nonSaturating(), 0.999)).toEqual([0, 0, 1])
    expect(warningsOf(nonSaturating(), 0.9)).toEqual([0, 0, 0])
    expect(warningsOf(nonSaturating({ labelSmoothing: 0.1 }), 0.9)).toEqual([0, 0, 1])
    expect(warningsOf(hinge(), 1)).toEqual([0, 0, 1])
    expect(warningsOf(wasserstein(), 1000)).toEqual([0, 0, 0])
  })
})

describe('a collapse', () => {
  test('is reported with advice', async () => {
    const game = makeGame({
      generator: dense({ units: 2, kernelInitializer: 'zeros' }),
      generatorOptimizer: sgd({ learningRate: 0 }),
    })
    const events = await collect(game.train(batchesOf(), { steps: 4, reportEvery: 1 }))
    const collapses = events.map(({ warnings }) =>
      warnings.filter(({ kind }) => kind === 'collapse'),
    )
    expect(collapses.map(({ length }) => length)).toEqual([0, 0, 1, 1])
    expect(collapses[2]?.[0]?.message).toContain('0.00 % of that of real ones')
    expect(collapses[2]?.[0]?.advice).toContain('batchNormalization()')
  })

  test('is forgotten when samples differ again', () => {
    const health = new Health(nonSaturating())
    const same = { ...measures, fakeVariance: 0.009 }
    const counts = [same, same, measures, same, same, same, measures].map(
      (report) => health.warningsFor(report).length,
    )
    expect(counts).toEqual([0, 0, 0, 0, 0, 1, 0])
  })

  test('is not seen where real samples are all the same', () => {
    const health = new Health(nonSaturating())
    const none = { ...measures, realVariance: 0, fakeVariance: 0 }
    expect([1, 2, 3, 4].flatMap(() => health.warningsFor(none))).toEqual([])
  })
})

test('zeros as real samples are fine', async () => {
  const game = makeGame()
  const events = await collect(game.train([zeros([4, 2])], { steps: 1, reportEvery: 1 }))
  expect(events).toHaveLength(1)
})
