// Trains a network with one hidden layer on handwritten digits: 784 pixels, 256 units, 10 classes.
import { key, setBackend, sparseSoftmaxCrossEntropy, splitKey, type Tensor } from '@tensorweft/core'
import { accuracy, activation, dense, initializers, sequential, trainer } from '@tensorweft/layers'
import { adam, sgd } from '@tensorweft/optimizers'
import { backends } from './backends.ts'
import { parseArguments } from './cli.ts'
import { loadMnist } from './data/mnist.ts'
import { run } from './run.ts'
import { train } from './training.ts'

const optimizers = {
  sgd: { create: sgd, learningRate: 0.5 },
  adam: { create: adam, learningRate: 0.001 },
}

await run(async () => {
  const options = parseArguments('Trains a network with one hidden layer on MNIST.', {
    backends,
    optimizers,
    defaults: { backend: 'wasm', optimizer: 'sgd' },
  })
  const { seed, epochs, learningRate } = options
  const data = await loadMnist(options)
  await setBackend(await backends[options.backend]())

  // The model: its first weights and the order of the images follow from the seed.
  const [weightsKey = key(0), ...orderKeys] = splitKey(key(seed), 1 + epochs)
  const kernelInitializer = initializers.truncatedNormal({ stddev: 0.1 })
  const model = sequential(
    dense({ units: 256, activation: 'relu', kernelInitializer }),
    dense({ units: 10, kernelInitializer }),
  )
  model.build([data.train.height * data.train.width], weightsKey)

  const digits = trainer({
    model: sequential(activation(inUnitRange), model),
    loss: sparseSoftmaxCrossEntropy,
    optimizer: optimizers[options.optimizer].create({ learningRate }),
    metrics: { accuracy },
  })
  await train({ ...options, trainer: digits, model, data, orderKeys })
})

/** Bytes as floats from 0 to 1. */
function inUnitRange(images: Tensor): Tensor {
  return images.cast('float32').div(255)
}
