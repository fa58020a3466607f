// Trains a generator to make points on a ring of eight clouds, of noise alone, and writes a picture of
// what it makes over what it was shown.
import { writeFile } from 'node:fs/promises'
import { key, setBackend, splitKey } from '@tensorweft/core'
import {
  ganTrainer,
  hinge,
  leastSquares,
  minimax,
  nonSaturating,
  shuffledBatches,
  wasserstein,
} from '@tensorweft/gan'
import { encodePng } from '@tensorweft/gan/png'
import { dense, sequential } from '@tensorweft/layers'
import { adam } from '@tensorweft/optimizers'
import { backends } from './backends.ts'
import { parseGanArguments } from './gan/arguments.ts'
import { play } from './gan/play.ts'
import { coverageOf, ringPoints } from './gan/rings.ts'
import { scatter } from './gan/scatter.ts'
import { run } from './run.ts'

/**
 * All have a gradient penalty: without it, the generator of points so near to each other jumps from cloud
 * to cloud. Fedus et al., "Many paths to equilibrium: GANs do not need to decrease a divergence at every
 * step", 2018. With least squares the logits of real and generated points are to be 1 apart within a
 * fraction of the ring, which slopes near 1 would not allow: its penalty is small, and as its generator is
 * not drawn on where points are taken for real ones, a cloud may be lost, depending on the seed.
 */
const objectives = {
  'non-saturating': { create: nonSaturating, gradientPenalty: 0.3, steps: 4000, updates: 1 },
  minimax: { create: minimax, gradientPenalty: 0.3, steps: 4000, updates: 1 },
  'least-squares': { create: leastSquares, gradientPenalty: 0.01, steps: 4000, updates: 1 },
  hinge: { create: hinge, gradientPenalty: 0.3, steps: 4000, updates: 1 },
  'wasserstein-gp': { create: wasserstein, gradientPenalty: 0.3, steps: 4000, updates: 2 },
}

const sampleCount = 2000

await run(async () => {
  const options = parseGanArguments('Trains a generator of points on a ring.', {
    backends,
    objectives,
    defaults: { backend: 'wasm', objective: 'non-saturating' },
    pictureName: 'gan-rings.png',
  })
  const { steps, seed, picture } = options
  await setBackend(await backends[options.backend]())
  const { create, gradientPenalty, updates: discriminatorSteps } = objectives[options.objective]
  const [pointsKey = key(0), orderKey = key(0), gameKey = key(0)] = splitKey(key(seed), 3)

  const network = (outputs: number) =>
    sequential(
      dense({ units: 128, activation: 'relu' }),
      dense({ units: 128, activation: 'relu' }),
      dense({ units: outputs }),
    )
  // Large steps at first, smaller and smaller ones towards the end.
  const falling = (learningRate: number, updates: number) =>
    adam({
      learningRate: (step) =>
        step.cast('float32').div(-updates).add(1).maximum(0).mul(learningRate),
      beta1: 0,
    })
  const game = ganTrainer({
    generator: network(2),
    discriminator: network(1),
    objective: { ...create(), gradientPenalty },
    generatorOptimizer: falling(0.001, steps),
    discriminatorOptimizer: falling(0.002, steps * discriminatorSteps),
    latentSize: 16,
    discriminatorSteps,
    averageDecay: 0.99,
    key: gameKey,
  })
  const points = ringPoints(pointsKey, 10_000)
  const batches = (from: number) => shuffledBatches(points, { batchSize: 256, key: orderKey, from })
  await play(game, batches, { ...options, reportEvery: Math.max(1, Math.floor(steps / 10)) })

  const made = await game.generate(sampleCount).data()
  const { shares, near } = coverageOf(made)
  console.log(`Near a cloud: ${near.toFixed(4)}`)
  console.log(`In each: ${shares.map((share) => share.toFixed(3)).join(' ')}`)
  const shown = {
    points: await points.slice([0, 0], [sampleCount, 2]).data(),
    color: [170, 190, 220],
  } as const
  const clouds = [shown, { points: made, color: [220, 90, 20] }] as const
  await writeFile(picture, encodePng(scatter(clouds, 3, 480)))
  console.log(`Wrote ${picture}`)
})
