import { compile, key, type Layer, softmax, type Tensor, tensor } from 'tensorweft'
import weightsUrl from '../assets/digit-classifier.safetensors?url'
import { classCount, pixelCount } from '../data/mnist.ts'
import { type AttributionMethod, attribute } from './attribution.ts'
import type { Context } from './context.ts'
import type { DigitSettings } from './digit-settings.ts'
import { createModel } from './digit-training.ts'
import { loadWeights } from './load-weights.ts'
import { once } from './once.ts'

/** The classifier that ships with the page, or the one that the Train view trains. */
export type ClassifierName = 'shipped' | 'trained'

/** What a classifier makes of an image. */
export interface Recognition {
  /** [10], of each digit. */
  readonly probabilities: Float32Array
  /** The most probable digit. */
  readonly digit: number
}

/** A digit of the test set. */
export interface Sample {
  readonly digit: number
  /** [28 · 28], 0 is background and 255 full ink. */
  readonly pixels: Uint8Array
}

/** What the Draw view asks of the worker. Images are [28 · 28] bytes, 0 is background. */
export interface DrawService {
  /** How the classifier of the Train view is made, if there is one. */
  trained(): DigitSettings | undefined
  /** One image of each digit from the test set; `round` says which. */
  samples(round: number): Promise<readonly Sample[]>
  /** @throws Error for a model whose training has diverged. */
  recognize(pixels: Uint8Array, classifier: ClassifierName): Promise<Recognition>
  /**
   * How much each pixel speaks for a digit rather than for any, or, below zero, against it, [28 · 28].
   */
  explain(
    pixels: Uint8Array,
    classifier: ClassifierName,
    digit: number,
    method: AttributionMethod,
  ): Promise<Float32Array>
}

export function drawService(context: Context): DrawService {
  const shipped = once(async () => {
    const model = createModel('conv', key(0))
    await loadWeights(model, weightsUrl)
    return model
  })
  const classifiers = new WeakMap<Layer, Classifier>()

  async function classifierOf(name: ClassifierName): Promise<Classifier> {
    const model = name === 'shipped' ? await shipped() : context.digits?.model
    if (model === undefined) throw new Error('There is no model of your own: train one first.')
    const classifier = classifiers.get(model) ?? createClassifier(model)
    classifiers.set(model, classifier)
    return classifier
  }

  return {
    trained: () => context.digits?.settings,
    async samples(round) {
      const { test } = await context.mnist()
      return Array.from({ length: classCount }, (_, digit) => {
        const numbers = [...test.labels.keys()].filter((i) => test.labels[i] === digit)
        const begin = (numbers[round % numbers.length] ?? 0) * pixelCount
        return { digit, pixels: test.images.slice(begin, begin + pixelCount) }
      })
    },
    async recognize(pixels, name) {
      const { classify } = await classifierOf(name)
      const probabilities = await classify(rowOf(pixels)).data()
      if (!probabilities.every(Number.isFinite)) {
        throw new Error(
          'The answers of this model are no numbers: its training diverged. Train another one.',
        )
      }
      return { probabilities, digit: probabilities.indexOf(Math.max(...probabilities)) }
    },
    async explain(pixels, name, digit, method) {
      const { explain } = await classifierOf(name)
      // What raises all logits alike changes no probability, so it does not count.
      const target = tensor(
        Array.from({ length: classCount }, (_, i) => Number(i === digit) - 1 / classCount),
      )
      return explain(rowOf(pixels), target, method).data()
    },
  }
}

type Classifier = ReturnType<typeof createClassifier>

/** The two questions to a model, each as one plan. */
function createClassifier(model: Layer) {
  return {
    classify: compile((row: Tensor) => softmax(model.apply(row))),
    explain: compile((row: Tensor, target: Tensor, method: AttributionMethod) =>
      attribute((rows) => model.apply(rows), row, target, method),
    ),
  }
}

/** An image as the models take it, [1, 784]. */
function rowOf(pixels: Uint8Array): Tensor {
  return tensor(Float32Array.from(pixels), { shape: [1, pixelCount] })
}
