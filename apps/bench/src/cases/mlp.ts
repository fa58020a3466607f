import type { MlpProblem, MlpSizes } from '../problems/mlp.ts'
import type { UpdateRule } from '../problems/update-rule.ts'
import { integers, seededRandom, truncatedNormal, uniform } from '../random.ts'
import { contend } from '../subject.ts'
import { type BenchCase, batchFamily, type CaseFamily } from './bench-case.ts'
import { mlpLosses } from './reference/mlp.ts'
import { adam, sgd } from './update-rules.ts'

/** The classic MNIST network. */
export const mlpSizes: MlpSizes = { batch: 100, inputs: 784, hidden: 256, outputs: 10 }

/** `mlp-sgd` and `mlp-adam`: one training step of the classic MNIST network. */
export const mlpFamilies: readonly CaseFamily[] = [
  batchFamily('mlp-sgd', mlpSizes.batch, (name, batch) => mlpCase(name, batch, sgd)),
  batchFamily('mlp-adam', mlpSizes.batch, (name, batch) => mlpCase(name, batch, adam)),
]

/** The same network, data and first weights for everyone, from one seed. */
export function mlpProblem(sizes: MlpSizes, update: UpdateRule): MlpProblem {
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

function mlpCase(name: string, batch: number, update: UpdateRule): BenchCase {
  const sizes: MlpSizes = { ...mlpSizes, batch }
  const { inputs, hidden, outputs } = sizes
  const checkSteps = 5
  return {
    name,
    summary: `${update.rule} step of ${inputs}-${hidden}-${outputs}, batch ${batch}`,
    flops: productFlops(sizes),
    checkSteps,
    tolerance: { relative: 5e-5, absolute: 1e-6 },
    async prepare(subjects) {
      const problem = mlpProblem(sizes, update)
      const contest = await contend(subjects, (subject) => subject.mlp(problem))
      return { ...contest, expected: mlpLosses(problem, checkSteps) }
    },
  }
}

/** First layer: forward and weight gradient; second layer: those and the input gradient. */
function productFlops({ batch, inputs, hidden, outputs }: MlpSizes): number {
  return 2 * batch * (2 * inputs * hidden + 3 * hidden * outputs)
}
