import type { MlpProblem, MlpSizes } from '../problems.ts'
import { integers, seededRandom, truncatedNormal, uniform } from '../random.ts'
import { contend } from '../subject.ts'
import type { BenchCase, CaseFamily } from './bench-case.ts'
import { referenceLosses } from './mlp-reference.ts'

type Update = MlpProblem['update']

const sizes: MlpSizes = { batch: 100, inputs: 784, hidden: 256, outputs: 10 }

/** Small enough for the loss to fall steadily on dense inputs instead of bouncing. */
const sgd: Update = { rule: 'sgd', learningRate: 0.01 }
const adam: Update = { rule: 'adam', learningRate: 1e-3, beta1: 0.9, beta2: 0.999, epsilon: 1e-7 }

/** `mlp-sgd` and `mlp-adam`: one training step of the classic MNIST network, loss read. */
export const mlpFamilies: readonly CaseFamily[] = [
  { pattern: 'mlp-sgd', parse: (name) => (name === 'mlp-sgd' ? mlpCase(name, sgd) : undefined) },
  { pattern: 'mlp-adam', parse: (name) => (name === 'mlp-adam' ? mlpCase(name, adam) : undefined) },
]

/** The same network, data and first weights for everyone, from one seed. */
export function mlpProblem(sizes: MlpSizes, update: Update): MlpProblem {
  const { batch, inputs, hidden, outputs } = sizes
  const random = seededRandom(784)
  return {
    sizes,
    images: uniform(random, batch * inputs, 0, 1),
    labels: integers(random, batch, outputs),
    weights: {
      w1: truncatedNormal(random, inputs * hidden, 0.1),
      b1: new Float32Array(hidden),
      w2: truncatedNormal(random, hidden * outputs, 0.1),
      b2: new Float32Array(outputs),
    },
    update,
  }
}

function mlpCase(name: string, update: Update): BenchCase {
  const checkSteps = 5
  return {
    name,
    summary: `${update.rule} step of ${sizes.inputs}-${sizes.hidden}-${sizes.outputs}, batch ${sizes.batch}`,
    flops: productFlops(sizes),
    checkSteps,
    tolerance: { relative: 5e-5, absolute: 1e-6 },
    async prepare(subjects) {
      const problem = mlpProblem(sizes, update)
      const contenders = await contend(subjects, (subject) => subject.mlp(problem))
      return { contenders, expected: referenceLosses(problem, checkSteps) }
    },
  }
}

/** First layer: forward and weight gradient; second layer: those and the input gradient. */
function productFlops({ batch, inputs, hidden, outputs }: MlpSizes): number {
  return 2 * batch * (2 * inputs * hidden + 3 * hidden * outputs)
}
