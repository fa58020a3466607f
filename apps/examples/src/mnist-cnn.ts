// Trains a convolutional network on handwritten digits: two convolutions, each with a maximum over
// windows of 2 by 2, and a dense layer for the 10 classes.
import { key, setBackend, sparseSoftmaxCrossEntropy, splitKey, type Tensor } from '@tensorweft/core'
import {
  accuracy,
  activation,
  conv2d,
  dense,
  flatten,
  maxPooling2d,
  sequential,
  trainer,
} from '@tensorweft/layers'
import { adam, sgd } from '@tensorweft/optimizers'
import { backends } from './backends.ts'
import { parseArguments } from './cli.ts'
import { loadMnist } from './data/mnist.ts'
import { run } from './run.ts'
import { train } from './training.ts'

const optimizers = {
  sgd: { create: sgd, learningRate: 0.1 },
  adam: { create: adam, learningRate: 0.003 },
}

await run(async () => {
  const options = parseArguments('Trains a convolutional network on MNIST.', {
    backends,
    optimizers,
    defaults: { backend: 'wasm', optimizer: 'adam', batchSize: 64, epochs: 1 },
  })
  const { seed, epochs, learningRate } = options
  const data = await loadMnist(options)
  await setBackend(await backends[options.backend]())

  const [weightsKey = key(0), ...orderKeys] = splitKey(key(seed), 1 + epochs)
  const model = sequential(
    conv2d({ filters: 32, kernelSize: 3, padding: 'same', activation: 'relu' }),
    maxPooling2d(),
    conv2d({ filters: 64, kernelSize: 3, padding: 'same', activation: 'relu' }),
    maxPooling2d(),
    flatten(),
    dense({ units: 10 }),
  )
  const { height, width } = data.train
  model.build([height, width, 1], weightsKey)

  /** Rows of bytes as images [batch, height, width, 1] of floats from 0 to 1. */
  const toImages = (rows: Tensor) => rows.cast('float32').div(255).reshape([-1, height, width, 1])

  // Large steps at first, smaller and smaller ones towards the end.
  const steps = epochs * Math.ceil(data.train.count / options.batchSize)
  const falling = (step: Tensor<'int32'>) =>
    step.cast('float32').div(-steps).add(1).mul(learningRate)
  const optimizer = optimizers[options.optimizer].create({ learningRate: falling })
  const digits = trainer({
    model: sequential(activation(toImages), model),
    loss: sparseSoftmaxCrossEntropy,
    optimizer,
    metrics: { accuracy },
  })
  await train({ ...options, trainer: digits, model, data, orderKeys })
})
