// Trains a generator to draw handwritten digits, of noise alone, and judges what it draws with a
// classifier that was trained apart. Labels are only seen by the classifier.
import { writeFile } from 'node:fs/promises'
import { key, setBackend, splitKey, type Tensor, tensor } from '@tensorweft/core'
import {
  frechetDistance,
  ganTrainer,
  hinge,
  imageGrid,
  leastSquares,
  nonSaturating,
  shuffledBatches,
  wasserstein,
} from '@tensorweft/gan'
import { encodePng } from '@tensorweft/gan/png'
import { adam } from '@tensorweft/optimizers'
import { backends } from './backends.ts'
import { parsePath } from './cli.ts'
import { loadMnist } from './data/mnist.ts'
import { parseGanArguments } from './gan/arguments.ts'
import { prepareJudge, toImages } from './gan/digit-judge.ts'
import { digitNetworks } from './gan/digit-networks.ts'
import { play } from './gan/play.ts'
import { run } from './run.ts'

const slow = { learningRate: 2e-4, beta1: 0.5 }
const objectives = {
  'non-saturating': { create: nonSaturating, steps: 12_000, discriminatorSteps: 1, rule: slow },
  'least-squares': { create: leastSquares, steps: 12_000, discriminatorSteps: 1, rule: slow },
  hinge: { create: hinge, steps: 12_000, discriminatorSteps: 1, rule: slow },
  'wasserstein-gp': {
    create: wasserstein,
    steps: 1500,
    discriminatorSteps: 5,
    rule: { learningRate: 2e-4, beta1: 0, beta2: 0.9 },
  },
}

const latentSize = 64
const batchSize = 64
const sampleCount = 1000
const shownCount = 100

interface MoreOptions {
  /** Folder of the data. */
  readonly data?: string
  /** File of the classifier. */
  readonly classifier?: string
}

await run(async () => {
  const options = parseGanArguments<keyof typeof backends, keyof typeof objectives, MoreOptions>(
    'Trains a generator of handwritten digits.',
    {
      backends,
      objectives,
      defaults: { backend: 'wasm', objective: 'non-saturating' },
      pictureName: 'gan-mnist.png',
      extend: (command) =>
        command
          .option('--data <dir>', 'folder with the four IDX files, gzipped or not', parsePath)
          .option('--classifier <file>', 'where the classifier is, or is saved', parsePath),
    },
  )
  const { steps, seed, picture } = options
  const data = await loadMnist(options)
  const { height, width, images, count } = data.train
  const networks = digitNetworks(height, width)
  await setBackend(await backends[options.backend]())
  const { create, discriminatorSteps, rule } = objectives[options.objective]
  const [gameKey = key(0), orderKey = key(0), judgeKey = key(0)] = splitKey(key(seed), 3)

  const game = ganTrainer({
    ...networks,
    objective: create(),
    generatorOptimizer: adam(rule),
    discriminatorOptimizer: adam(rule),
    latentSize,
    discriminatorSteps,
    averageDecay: 0.999,
    key: gameKey,
  })
  async function* batches(from: number) {
    const rows = { data: images, shape: [count, height * width] }
    for await (const batch of shuffledBatches(rows, { batchSize, key: orderKey, from })) {
      const real = toImages(batch, height, width)
      yield real
      real.dispose()
    }
  }
  const { slope, isInterrupted } = await play(game, batches, {
    ...options,
    reportEvery: Math.min(100, Math.max(1, Math.floor(steps / 10))),
  })
  if (slope !== undefined) console.log(`Slope of the critic: ${slope.toFixed(3)}`)

  const made = game.generate(sampleCount)
  const shown = made.slice([0, 0, 0, 0], [shownCount, height, width, 1])
  await writeFile(picture, encodePng(await imageGrid(shown, { columns: 10 })))
  console.log(`Wrote ${picture}`)
  if (isInterrupted) return

  const { judge, accuracy } = await prepareJudge(data, options.classifier, judgeKey)
  const { shares, confidence, features } = await judge(made)
  const { features: realFeatures } = await judge(testImages())
  console.log(`Accuracy of the classifier: ${accuracy.toFixed(4)}`)
  console.log(`Digits: ${shares.map((share) => share.toFixed(3)).join(' ')}`)
  console.log(`Confidence: ${confidence.toFixed(4)}`)
  console.log(`Distance: ${(await frechetDistance(features, realFeatures)).toFixed(2)}`)

  function testImages(): Tensor {
    const { images: bytes, count: tests } = data.test
    const rows = tensor(bytes, { dtype: 'uint8', shape: [tests, height * width] })
    return toImages(rows.cast('float32'), height, width)
  }
})
