import {
  type Adam,
  adam,
  type Key,
  key,
  type Layer,
  type Sgd,
  sgd,
  sparseSoftmaxCrossEntropy,
  type Tensor,
} from 'tensorweft'
import {
  accuracy,
  activation,
  conv2d,
  dense,
  flatten,
  type LossFunction,
  maxPooling2d,
  reshape,
  sequential,
  type Trainer,
  trainer,
} from 'tensorweft/layers'
import { classCount, pixelCount, side } from '../data/mnist.ts'
import type { Architecture, DigitSettings, OptimizerName } from './digit-settings.ts'

/** A classifier of digits and all that trains it. */
export interface DigitTraining {
  settings: DigitSettings
  /** From rows of bytes [batch, 784] to logits [batch, 10]. */
  readonly model: Layer
  readonly loss: LossFunction
  readonly optimizer: Adam | Sgd
  readonly trainer: Trainer<'accuracy'>
}

const architectures: Record<Architecture, () => Layer> = {
  mlp: () =>
    sequential(
      activation(inUnitRange),
      dense({ units: 256, activation: 'relu' }),
      dense({ units: classCount }),
    ),
  conv: () =>
    sequential(
      activation(inUnitRange),
      reshape({ targetShape: [side, side, 1] }),
      conv2d({ filters: 16, kernelSize: 3, padding: 'same', activation: 'relu' }),
      maxPooling2d(),
      conv2d({ filters: 32, kernelSize: 3, padding: 'same', activation: 'relu' }),
      maxPooling2d(),
      flatten(),
      dense({ units: classCount }),
    ),
}

const optimizers: Record<OptimizerName, (learningRate: number) => Adam | Sgd> = {
  sgd: (learningRate) => sgd({ learningRate }),
  momentum: (learningRate) => sgd({ learningRate, momentum: 0.9 }),
  adam: (learningRate) => adam({ learningRate }),
}

/** An untrained model, from rows of bytes [batch, 784] to logits [batch, 10]. */
export function createModel(architecture: Architecture, from: Key): Layer {
  const model = architectures[architecture]()
  model.build([pixelCount], from)
  return model
}

/** A new, untrained classifier; its first weights and the order of the digits follow from `from`. */
export function createDigitTraining(settings: DigitSettings, from: Key = key(1)): DigitTraining {
  const model = createModel(settings.architecture, from)
  const optimizer = optimizers[settings.optimizer](settings.learningRate)
  const loss = sparseSoftmaxCrossEntropy
  return {
    settings,
    model,
    loss,
    optimizer,
    trainer: trainer({ model, loss, optimizer, metrics: { accuracy }, key: from }),
  }
}

/** Takes effect with the next step, also in the middle of a run. */
export function changeLearningRate(training: DigitTraining, learningRate: number): void {
  training.settings = { ...training.settings, learningRate }
  training.optimizer.learningRate = learningRate
}

/** Bytes as floats from 0 to 1. */
function inUnitRange(bytes: Tensor): Tensor {
  return bytes.cast('float32').div(255)
}
