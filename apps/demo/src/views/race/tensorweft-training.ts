import {
  adam,
  type Backend,
  compile,
  conv2d,
  gradients,
  maxPool2d,
  Parameter,
  sgd,
  sparseSoftmaxCrossEntropy,
  type Tensor,
  tensor,
} from 'tensorweft'
import { classCount, pixelCount } from '../../data/mnist.ts'
import type { Training } from './contestant.ts'
import {
  adamOptions,
  type CnnProblem,
  learningRates,
  type MlpProblem,
  type Problem,
} from './problem.ts'

/** The training step in Tensorweft: forward, backward and update are one plan. */
export function tensorweftTraining(problem: Problem, backend: Backend): Omit<Training, 'threads'> {
  const { parameters, logits } = networkOf(problem)
  const optimizer =
    problem.optimizer === 'sgd'
      ? sgd({ learningRate: learningRates.sgd })
      : adam({ learningRate: learningRates.adam, ...adamOptions })
  const images = tensor(problem.images, { shape: [problem.batch, 28, 28, 1] })
  const labels = tensor(problem.labels, { dtype: 'int32' })
  const train = compile((images: Tensor, labels: Tensor<'int32'>) => {
    const loss = sparseSoftmaxCrossEntropy(logits(images), labels)
    optimizer.update(parameters, gradients(loss, parameters))
    return loss
  })
  let loss: Tensor | undefined
  return {
    step() {
      loss?.dispose()
      loss = train(images, labels)
    },
    readLoss: async () => (await loss?.item()) ?? Number.NaN,
    finish: () => backend.finish(),
  }
}

interface Network {
  readonly parameters: Readonly<Record<string, Parameter>>
  /** Of images [batch, 28, 28, 1]. */
  readonly logits: (images: Tensor) => Tensor
}

function networkOf(problem: Problem): Network {
  return problem.network === 'mlp' ? mlpOf(problem) : cnnOf(problem)
}

function mlpOf({ batch, hidden, weights }: MlpProblem): Network {
  const w1 = parameter(weights.w1, [pixelCount, hidden])
  const b1 = parameter(weights.b1, [hidden])
  const w2 = parameter(weights.w2, [hidden, classCount])
  const b2 = parameter(weights.b2, [classCount])
  const logits = (images: Tensor) => {
    const features = images.reshape([batch, pixelCount]).matmul(w1.value).add(b1.value).relu()
    return features.matmul(w2.value).add(b2.value)
  }
  return { parameters: { w1, b1, w2, b2 }, logits }
}

function cnnOf({ batch, filters, weights }: CnnProblem): Network {
  const f1 = parameter(weights.f1, [3, 3, 1, filters[0]])
  const b1 = parameter(weights.b1, [filters[0]])
  const f2 = parameter(weights.f2, [3, 3, filters[0], filters[1]])
  const b2 = parameter(weights.b2, [filters[1]])
  const w3 = parameter(weights.w3, [7 * 7 * filters[1], classCount])
  const b3 = parameter(weights.b3, [classCount])
  const logits = (images: Tensor) => {
    const features = block(block(images, f1, b1), f2, b2)
    return features.reshape([batch, -1]).matmul(w3.value).add(b3.value)
  }
  return { parameters: { f1, b1, f2, b2, w3, b3 }, logits }
}

function block(x: Tensor, filters: Parameter, bias: Parameter): Tensor {
  return maxPool2d(conv2d(x, filters.value, { padding: 'same' }).add(bias.value).relu())
}

function parameter(values: Float32Array, shape: readonly number[]): Parameter {
  return new Parameter(tensor(values, { shape }))
}
