// Trains a network with one hidden layer on handwritten digits: 784 pixels, 256 units, 10 classes.
import {
  type CompiledFunction,
  compile,
  gradients,
  key,
  type Layer,
  Parameter,
  setBackend,
  sparseSoftmaxCrossEntropy,
  splitKey,
  type Tensor,
  zeros,
} from '@tensorweft/core'
import { accuracy, dense, initializers, sequential } from '@tensorweft/layers'
import { save } from '@tensorweft/layers/node'
import { adam, sgd } from '@tensorweft/optimizers'
import { backends } from './backends.ts'
import { parseArguments } from './cli.ts'
import { CliError } from './cli-error.ts'
import { batchesOf, shuffledOrder } from './data/batches.ts'
import { type LabelledImages, loadMnist } from './data/mnist.ts'
import { handleInterrupts, type Interruption } from './interrupt.ts'
import { startProgress } from './progress.ts'
import { run } from './run.ts'

const optimizers = {
  sgd: { create: sgd, learningRate: 0.5 },
  adam: { create: adam, learningRate: 0.001 },
}

type Step = CompiledFunction<[images: Tensor<'uint8'>, labels: Tensor<'int32'>], Tensor>

await run(async () => {
  const options = parseArguments('Trains a network with one hidden layer on MNIST.', {
    backends,
    optimizers,
    defaults: { backend: 'cpu', optimizer: 'sgd' },
  })
  const { train, test } = await loadMnist(options)
  const { batchSize, epochs, learningRate } = options
  if (batchSize > train.count) {
    throw new CliError(`--batch-size ${batchSize} is more than the ${train.count} training images`)
  }
  await setBackend(await backends[options.backend]())
  using interruption = handleInterrupts()

  const [weightsKey = key(0), ...orderKeys] = splitKey(key(options.seed), 1 + epochs)
  const kernelInitializer = initializers.truncatedNormal({ stddev: 0.1 })
  const model = sequential(
    dense({ units: 256, activation: 'relu', kernelInitializer }),
    dense({ units: 10, kernelInitializer }),
  )
  model.build([train.height * train.width], weightsKey)
  const optimizer = optimizers[options.optimizer].create({ learningRate })

  // The costs of an epoch are added up on the backend, so that no step waits to be read.
  const totalCost = new Parameter(zeros([]), { trainable: false, name: 'totalCost' })
  const step: Step = compile((images: Tensor<'uint8'>, labels: Tensor<'int32'>) => {
    const logits = model.apply(inUnitRange(images), { training: true })
    const cost = sparseSoftmaxCrossEntropy(logits, labels)
    optimizer.update(model.parameters, gradients(cost, model.parameters))
    totalCost.assign(totalCost.value.add(cost.mul(labels.size)))
    return cost
  })

  for (const [index, orderKey] of orderKeys.entries()) {
    const epoch = index + 1
    const order = await shuffledOrder(orderKey, train.count)
    await trainEpoch(epoch, step, { data: train, batchSize, order }, interruption)
    if (interruption.signal.aborted) break
    const cost = (await totalCost.value.item()) / train.count
    totalCost.assign(zeros([]))
    console.log(`Epoch: ${String(epoch).padStart(4, '0')} cost= ${cost.toFixed(9)}`)
  }

  if (options.save !== undefined) {
    await save(model, options.save)
    console.log(`Saved ${options.save}`)
  }
  if (interruption.signal.aborted) {
    console.log('Interrupted: the training is not complete.')
    return
  }
  console.log('Optimization Finished!')
  const share = await accuracyOn(model, test, interruption)
  if (interruption.signal.aborted) console.log('Interrupted: the accuracy is not known.')
  else console.log(`Accuracy: ${share.toFixed(4)}`)
})

/** One step per batch, with a bar that shows the cost now and then. */
async function trainEpoch(
  epoch: number,
  step: Step,
  plan: { data: LabelledImages; batchSize: number; order: Uint32Array },
  interruption: Interruption,
): Promise<void> {
  const { data, batchSize, order } = plan
  const progress = startProgress(epoch, Math.ceil(data.count / batchSize))
  try {
    let steps = 0
    for (const { images, labels } of batchesOf(data, batchSize, order)) {
      const cost = step(images, labels)
      progress.advance(labels.size, ++steps % 50 === 0 ? await cost.item() : undefined)
      if (await interruption.stopRequested()) break
    }
  } finally {
    progress.stop()
  }
}

/** Share of the images whose class the model names. */
async function accuracyOn(
  model: Layer,
  data: LabelledImages,
  interruption: Interruption,
): Promise<number> {
  const score = compile((images: Tensor<'uint8'>, labels: Tensor<'int32'>) =>
    accuracy(model.apply(inUnitRange(images)), labels),
  )
  let correct = 0
  for (const { images, labels } of batchesOf(data, 1000)) {
    correct += labels.size * (await score(images, labels).item())
    if (await interruption.stopRequested()) break
  }
  return correct / data.count
}

/** Bytes as floats from 0 to 1. */
function inUnitRange(images: Tensor<'uint8'>): Tensor {
  return images.cast('float32').div(255)
}
