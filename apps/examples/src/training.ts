import { compile, type Key, type Layer, Parameter, type Tensor, zeros } from '@tensorweft/core'
import { save } from '@tensorweft/layers/node'
import { CliError } from './cli-error.ts'
import { batchesOf, shuffledOrder } from './data/batches.ts'
import type { LabelledImages, Mnist } from './data/mnist.ts'
import { handleInterrupts, type Interruption } from './interrupt.ts'
import { startProgress } from './progress.ts'

/**
 * A scalar for a batch.
 *
 * @param images [batch, height · width], 0 to 255.
 * @param labels [batch]
 */
export type BatchFunction = (images: Tensor<'uint8'>, labels: Tensor<'int32'>) => Tensor

/** What a program trains, and how. */
export interface Training {
  readonly model: Layer
  /** Updates the model on a batch and returns its mean cost. */
  readonly step: BatchFunction
  /** Share of a batch whose class the model names. */
  readonly score: BatchFunction
  readonly data: Mnist
  readonly batchSize: number
  /** One per epoch, for the order of its images. */
  readonly orderKeys: readonly Key[]
  /** Where to save the trained model, if anywhere. */
  readonly save?: string
}

const scoredAtOnce = 500

/**
 * Trains a model epoch by epoch, saves it and says how many of the test images it knows. Ctrl-C
 * ends the training after the current step; what is learnt by then is saved.
 *
 * @throws CliError where there are fewer training images than in a batch, FileError where the model
 * cannot be saved.
 *
 * @example
 * await train({ model, step, score, data: await loadMnist(), batchSize: 100, orderKeys: [key(1)] })
 * // Epoch: 0001 cost= 0.254964600
 * // Optimization Finished!
 * // Accuracy: 0.9586
 */
export async function train(training: Training): Promise<void> {
  const { model, data, batchSize } = training
  if (batchSize > data.train.count) {
    throw new CliError(
      `--batch-size ${batchSize} is more than the ${data.train.count} training images`,
    )
  }
  using interruption = handleInterrupts()
  await trainEpochs(training, interruption)
  if (training.save !== undefined) {
    await save(model, training.save)
    console.log(`Saved ${training.save}`)
  }
  if (interruption.signal.aborted) {
    console.log('Interrupted: the training is not complete.')
    return
  }
  console.log('Optimization Finished!')
  const accuracy = await meanScore(training.score, data.test, interruption)
  if (interruption.signal.aborted) console.log('Interrupted: the accuracy is not known.')
  else console.log(`Accuracy: ${accuracy.toFixed(4)}`)
}

/** Trains until the last epoch or an interruption, with a line for every epoch that is complete. */
async function trainEpochs(
  { step, data: { train }, batchSize, orderKeys }: Training,
  interruption: Interruption,
): Promise<void> {
  // The costs of an epoch are added up on the backend, so that no step waits to be read; the
  // addition is part of the step's own plan.
  const totalCost = new Parameter(zeros([]), { trainable: false, name: 'totalCost' })
  const countedStep = compile((images: Tensor<'uint8'>, labels: Tensor<'int32'>) => {
    const cost = step(images, labels)
    totalCost.assign(totalCost.value.add(cost.mul(labels.size)))
    return cost
  })
  for (const [index, orderKey] of orderKeys.entries()) {
    const epoch = index + 1
    const order = await shuffledOrder(orderKey, train.count)
    await trainEpoch(epoch, countedStep, { data: train, batchSize, order }, interruption)
    if (interruption.signal.aborted) return
    const cost = (await totalCost.value.item()) / train.count
    totalCost.assign(zeros([]))
    console.log(`Epoch: ${String(epoch).padStart(4, '0')} cost= ${cost.toFixed(9)}`)
  }
}

/** One step per batch, with a bar that shows the cost now and then. */
async function trainEpoch(
  epoch: number,
  step: BatchFunction,
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

/** The score of all images. */
async function meanScore(
  score: BatchFunction,
  data: LabelledImages,
  interruption: Interruption,
): Promise<number> {
  let total = 0
  for (const { images, labels } of batchesOf(data, scoredAtOnce)) {
    total += labels.size * (await score(images, labels).item())
    if (await interruption.stopRequested()) break
  }
  return total / data.count
}
