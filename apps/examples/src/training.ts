import { type Key, key, type Layer } from '@tensorweft/core'
import type { Trainer, TrainingCallback } from '@tensorweft/layers'
import { save } from '@tensorweft/layers/node'
import { CliError } from './cli-error.ts'
import { batchesOf, shuffledOrder } from './data/batches.ts'
import type { Mnist } from './data/mnist.ts'
import { handleInterrupts } from './interrupt.ts'
import { type EpochProgress, startProgress } from './progress.ts'

/** What a program trains, and how. */
export interface Training {
  /** Of a model that takes rows of bytes, [batch, height · width]. */
  readonly trainer: Trainer<'accuracy'>
  /** What is saved: the part of the trainer's model that learns. */
  readonly model: Layer
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
 * await train({ trainer, model, data: await loadMnist(), batchSize: 100, orderKeys: [key(1)] })
 * // Epoch: 0001 cost= 0.254964600
 * // Optimization Finished!
 * // Accuracy: 0.9586
 */
export async function train(training: Training): Promise<void> {
  const { trainer, model, data, batchSize, orderKeys } = training
  const { count } = data.train
  if (batchSize > count) {
    throw new CliError(`--batch-size ${batchSize} is more than the ${count} training images`)
  }
  using interruption = handleInterrupts()
  const { signal } = interruption
  const batches = async (epoch: number) =>
    batchesOf(data.train, batchSize, await shuffledOrder(orderKeys[epoch - 1] ?? key(epoch), count))
  const callbacks = [reportEpochs(count, batchSize)]
  await unlessAborted(signal, trainer.fit(batches, { epochs: orderKeys.length, callbacks, signal }))
  if (training.save !== undefined) {
    await save(model, training.save)
    console.log(`Saved ${training.save}`)
  }
  if (signal.aborted) {
    console.log('Interrupted: the training is not complete.')
    return
  }
  console.log('Optimization Finished!')
  const testBatches = batchesOf(data.test, scoredAtOnce)
  const measured = await unlessAborted(signal, trainer.evaluate(testBatches, { signal }))
  if (measured === undefined) console.log('Interrupted: the accuracy is not known.')
  else console.log(`Accuracy: ${measured.accuracy.toFixed(4)}`)
}

/** The result of what a signal may end, if it did not. */
export async function unlessAborted<T>(
  signal: AbortSignal,
  result: Promise<T>,
): Promise<T | undefined> {
  try {
    return await result
  } catch (error) {
    if (signal.aborted && error === signal.reason) return undefined
    throw error
  }
}

/** A bar for every epoch, with the cost now and then, and a line when it is complete. */
function reportEpochs(count: number, batchSize: number): TrainingCallback {
  let progress: EpochProgress | undefined
  return {
    onEpochBegin({ epoch }) {
      progress = startProgress(epoch, Math.ceil(count / batchSize))
    },
    async onBatchEnd({ step, readLogs }) {
      const samples = Math.min(batchSize, count - (step - 1) * batchSize)
      progress?.advance(samples, step % 50 === 0 ? (await readLogs()).loss : undefined)
    },
    onEpochEnd({ epoch, logs }) {
      progress?.stop()
      console.log(`Epoch: ${String(epoch).padStart(4, '0')} cost= ${logs.loss?.toFixed(9)}`)
    },
    onTrainEnd() {
      progress?.stop()
    },
  }
}
