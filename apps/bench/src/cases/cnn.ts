import { checkContenders } from '../check.ts'
import { type CnnSizes, type CnnTrainingProblem, flatSize } from '../problems/cnn.ts'
import type { UpdateRule } from '../problems/update-rule.ts'
import { integers, seededRandom, truncatedNormal, uniform } from '../random.ts'
import { contend, disposeAll, type Subject } from '../subject.ts'
import type { Tolerance } from '../verify.ts'
import { type BenchCase, batchFamily, type CaseFamily } from './bench-case.ts'
import { cnnLogits, cnnLosses } from './reference/cnn.ts'
import { adam } from './update-rules.ts'

/** A small convolutional network for MNIST. */
export const cnnSizes: CnnSizes = {
  batch: 64,
  height: 28,
  width: 28,
  filters1: 32,
  filters2: 64,
  outputs: 10,
}

/** Losses over the first steps, where a difference of one gradient's rounding grows a little. */
const lossTolerance: Tolerance = { relative: 1e-4, absolute: 1e-6 }

/** `cnn-forward`: the logits of a batch; `cnn-adam`: one training step. */
export const cnnFamilies: readonly CaseFamily[] = [
  batchFamily('cnn-forward', cnnSizes.batch, forwardCase),
  batchFamily('cnn-adam', cnnSizes.batch, trainingCase),
]

/** The same network, data and first weights for everyone, from one seed. */
export function cnnProblem(sizes: CnnSizes, update: UpdateRule): CnnTrainingProblem {
  const { batch, height, width, filters1, filters2, outputs } = sizes
  const random = seededRandom(28)
  return {
    sizes,
    images: uniform(random, batch * height * width, 0, 1),
    labels: integers(random, batch, outputs),
    weights: {
      f1: truncatedNormal(random, 9 * filters1, 0.2),
      b1: new Float32Array(filters1),
      f2: truncatedNormal(random, 9 * filters1 * filters2, 0.05),
      b2: new Float32Array(filters2),
      w3: truncatedNormal(random, flatSize(sizes) * outputs, 0.02),
      b3: new Float32Array(outputs),
    },
    update,
  }
}

function forwardCase(name: string, batch: number): BenchCase {
  const sizes: CnnSizes = { ...cnnSizes, batch }
  return {
    name,
    summary: `logits of the ${describe(sizes)}`,
    flops: layerFlops(sizes).reduce((sum, flops) => sum + flops),
    checkSteps: 1,
    tolerance: { relative: 1e-4, absolute: 1e-5 },
    async prepare(subjects) {
      const problem = cnnProblem(sizes, adam)
      const contest = await contend(subjects, (subject) => subject.cnnForward(problem))
      return { ...contest, expected: Array.from(cnnLogits(problem)) }
    },
  }
}

function trainingCase(name: string, batch: number): BenchCase {
  const sizes: CnnSizes = { ...cnnSizes, batch }
  const [first, second, third] = layerFlops(sizes)
  return {
    name,
    summary: `adam step of the ${describe(sizes)}`,
    // The first layer: forward and filter gradient; the others: those and the input gradient.
    flops: 2 * first + 3 * second + 3 * third,
    checkSteps: 1,
    tolerance: lossTolerance,
    // Some need seconds for a step.
    limits: { minRounds: 3 },
    async prepare(subjects) {
      await checkTraining(subjects)
      const problem = cnnProblem(sizes, adam)
      const contest = await contend(subjects, (subject) => subject.cnnTraining(problem))
      return { ...contest, expected: cnnLosses(problem, 1) }
    },
  }
}

/** Several steps are compared on a small batch: on the whole one, some take minutes for them. */
async function checkTraining(subjects: readonly Subject[]): Promise<void> {
  const [batch, steps] = [3, 4]
  const problem = cnnProblem({ ...cnnSizes, batch }, adam)
  const { contenders } = await contend(subjects, (subject) => subject.cnnTraining(problem))
  const expected = cnnLosses(problem, steps)
  const where = `cnn-adam, batch ${batch}`
  try {
    await checkContenders(contenders, { where, steps, expected, tolerance: lossTolerance })
  } finally {
    await disposeAll(contenders)
  }
}

function describe({ batch, height, width, filters1, filters2 }: CnnSizes): string {
  return `${height}×${width} network of two 3×3 convolutions (${filters1}, ${filters2}), batch ${batch}`
}

/** Of the forward pass: first convolution, second convolution, dense layer. */
function layerFlops(sizes: CnnSizes): readonly [number, number, number] {
  const { batch, height, width, filters1, filters2, outputs } = sizes
  const pixels = batch * height * width
  return [
    2 * pixels * 9 * filters1,
    2 * (pixels / 4) * 9 * filters1 * filters2,
    2 * batch * flatSize(sizes) * outputs,
  ]
}
