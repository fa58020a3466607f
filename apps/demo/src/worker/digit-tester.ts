import { compile, type Layer, sparseSoftmaxCrossEntropy, type Tensor, tensor } from 'tensorweft'
import { classCount, type Digits, pixelCount } from '../data/mnist.ts'

/** What a model makes of digits that it was not trained on. */
export interface TestReport {
  readonly loss: number
  readonly accuracy: number
  /** Digits tested. */
  readonly count: number
  /** [digit, answer]: how many images of a digit got which answer. */
  readonly confusion: readonly number[]
  /** The most frequent first. */
  readonly mistakes: readonly Mistake[]
}

/** A digit that was taken for another. */
export interface Mistake {
  readonly digit: number
  readonly answer: number
  /** How often. */
  readonly count: number
  /** Some of the images, [images, 28 · 28], 0 is background and 255 full ink. */
  readonly pixels: Uint8Array
}

/**
 * Tests a model on digits until the time is up, or on all of them. The time is that of the fastest
 * batch so far for each: where two or more are made, a moment in which the machine did something else
 * does not count.
 *
 * @param leastBatches As many are made in any case, by default 1.
 */
export type DigitTester = (budgetMs: number, leastBatches?: number) => Promise<TestReport>

const batchSize = 500
const shownMistakes = 5
const shownImages = 8

/**
 * Makes a test of a model. The digits come in an order of their own, as the second half of those of
 * MNIST is easier than the first.
 *
 * @param model From rows of bytes [batch, 784] to logits [batch, 10].
 */
export function digitTester(model: Layer, digits: Digits): DigitTester {
  const batches = batchesOf(digits)
  const test = compile((x: Tensor<'uint8'>, y: Tensor<'int32'>) => {
    const logits = model.apply(x.cast('float32'))
    return { loss: sparseSoftmaxCrossEntropy(logits, y), answers: logits.argMax(-1) }
  })
  return async (budgetMs, leastBatches = 1) => {
    // [digit, answer]: the images of that digit that got that answer.
    const images = Array.from({ length: classCount ** 2 }, (): number[] => [])
    let loss = 0
    let count = 0
    let fastestMs = Number.POSITIVE_INFINITY
    for (const [before, { x, y, numbers }] of batches.entries()) {
      const begin = performance.now()
      const result = test(x, y)
      const answers = await result.answers.data()
      loss += (await result.loss.item()) * numbers.length
      count += numbers.length
      numbers.forEach((image, row) => {
        images[(digits.labels[image] ?? 0) * classCount + (answers[row] ?? 0)]?.push(image)
      })
      fastestMs = Math.min(fastestMs, performance.now() - begin)
      const done = before + 1
      if (done >= leastBatches && done * fastestMs > budgetMs) break
    }
    const confusion = images.map(({ length }) => length)
    return {
      loss: loss / count,
      accuracy: diagonal(confusion) / count,
      count,
      confusion,
      mistakes: mistakesIn(images, digits),
    }
  }
}

function diagonal(matrix: readonly number[]): number {
  return matrix.reduce((sum, value, i) => (i % (classCount + 1) === 0 ? sum + value : sum), 0)
}

function mistakesIn(images: readonly (readonly number[])[], digits: Digits): readonly Mistake[] {
  return images
    .map((numbers, cell) => ({
      numbers,
      digit: Math.floor(cell / classCount),
      answer: cell % classCount,
    }))
    .filter(({ numbers, digit, answer }) => numbers.length > 0 && digit !== answer)
    .sort((a, b) => b.numbers.length - a.numbers.length)
    .slice(0, shownMistakes)
    .map(({ numbers, digit, answer }) => ({
      digit,
      answer,
      count: numbers.length,
      pixels: rowsOf(digits, numbers.slice(0, shownImages)),
    }))
}

/** The pixels of some images, [images, 28 · 28]. */
function rowsOf({ images }: Digits, numbers: readonly number[]): Uint8Array {
  const rows = new Uint8Array(numbers.length * pixelCount)
  numbers.forEach((image, row) => {
    rows.set(images.subarray(image * pixelCount, (image + 1) * pixelCount), row * pixelCount)
  })
  return rows
}

interface Batch {
  readonly x: Tensor<'uint8'>
  readonly y: Tensor<'int32'>
  /** Which images these are. */
  readonly numbers: readonly number[]
}

/** Batches that each have digits from everywhere. */
function batchesOf(digits: Digits): readonly Batch[] {
  const batchCount = Math.ceil(digits.count / batchSize)
  return Array.from({ length: batchCount }, (_, first) => {
    const size = Math.ceil((digits.count - first) / batchCount)
    const numbers = Array.from({ length: size }, (_, row) => first + row * batchCount)
    const classes = Int32Array.from(numbers, (image) => digits.labels[image] ?? 0)
    return {
      x: tensor(rowsOf(digits, numbers), { shape: [size, pixelCount], dtype: 'uint8' }),
      y: tensor(classes, { dtype: 'int32' }),
      numbers,
    }
  })
}
