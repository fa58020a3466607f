import { checkContenders } from '../check.ts'
import type { DcganProblem, DcganSizes } from '../problems/dcgan.ts'
import type { AdamRule, UpdateRule } from '../problems/update-rule.ts'
import { seededRandom, truncatedNormal, uniform } from '../random.ts'
import { contend, disposeAll, type Subject } from '../subject.ts'
import type { Tolerance } from '../verify.ts'
import { type BenchCase, batchFamily, type CaseFamily } from './bench-case.ts'
import { dcganLosses } from './reference/dcgan.ts'
import { adam } from './update-rules.ts'

/** For MNIST. */
const dcganSizes: DcganSizes = { batch: 64, side: 28, latent: 100, channels1: 32, channels2: 64 }

/** As its authors recommend. */
const slowAdam: AdamRule = { ...adam, learningRate: 2e-4, beta1: 0.5 }

const lossTolerance: Tolerance = { relative: 1e-4, absolute: 1e-6 }

/** `dcgan-step`: one update of the discriminator and one of the generator. */
export const dcganFamily: CaseFamily = batchFamily('dcgan-step', dcganSizes.batch, dcganCase)

/** The same networks, data and noise for everyone, from one seed. */
export function dcganProblem(sizes: DcganSizes, update: UpdateRule): DcganProblem {
  const { batch, side, latent, channels1, channels2 } = sizes
  const flat = (side / 4) ** 2 * channels2
  const random = seededRandom(64)
  const weights = (length: number) => truncatedNormal(random, length, 0.05)
  return {
    sizes,
    images: uniform(random, batch * side ** 2, -1, 1),
    noiseD: truncatedNormal(random, batch * latent, 1),
    noiseG: truncatedNormal(random, batch * latent, 1),
    generator: {
      w0: weights(latent * flat),
      gamma0: new Float32Array(channels2).fill(1),
      beta0: new Float32Array(channels2),
      u1: weights(16 * channels1 * channels2),
      gamma1: new Float32Array(channels1).fill(1),
      beta1: new Float32Array(channels1),
      u2: weights(16 * channels1),
      b2: new Float32Array(1),
    },
    discriminator: {
      f1: weights(16 * channels1),
      b1: new Float32Array(channels1),
      f2: weights(16 * channels1 * channels2),
      b2: new Float32Array(channels2),
      w3: weights(flat),
      b3: new Float32Array(1),
    },
    update,
    epsilon: 1e-3,
  }
}

function dcganCase(name: string, batch: number): BenchCase {
  const sizes: DcganSizes = { ...dcganSizes, batch }
  const { side, latent, channels1, channels2 } = sizes
  return {
    name,
    summary: `step of discriminator and generator (${latent} → ${channels2}, ${channels1} → ${side}×${side}), batch ${batch}`,
    flops: stepFlops(sizes),
    checkSteps: 1,
    tolerance: lossTolerance,
    async prepare(subjects) {
      await checkTraining(subjects)
      const problem = dcganProblem(sizes, slowAdam)
      const contest = await contend(subjects, (subject) => subject.dcgan(problem))
      return { ...contest, expected: dcganLosses(problem, 1) }
    },
  }
}

/** Several steps are compared on a small batch: on the whole one, the reference takes its time. */
async function checkTraining(subjects: readonly Subject[]): Promise<void> {
  const [batch, steps] = [4, 4]
  const problem = dcganProblem({ ...dcganSizes, batch }, slowAdam)
  const { contenders } = await contend(subjects, (subject) => subject.dcgan(problem))
  const expected = dcganLosses(problem, steps)
  const where = `dcgan-step, batch ${batch}`
  try {
    await checkContenders(contenders, { where, steps, expected, tolerance: lossTolerance })
  } finally {
    await disposeAll(contenders)
  }
}

/**
 * Of the products. The discriminator's half: the generator forward, then the discriminator on two
 * batches, forward, by its weights and, but for the first layer, by their inputs. The generator's
 * half: both forward, the discriminator by all inputs, the generator by its weights and, but for the
 * first layer, by their inputs.
 */
function stepFlops({ batch, side, latent, channels1, channels2 }: DcganSizes): number {
  const quarter = batch * (side / 4) ** 2
  const dense = 2 * quarter * latent * channels2
  const deep = 2 * quarter * 16 * channels1 * channels2
  const shallow = 2 * 4 * quarter * 16 * channels1
  const logit = 2 * quarter * channels2
  const generator = dense + deep + shallow
  const discriminator = shallow + deep + logit
  const halfD = generator + 2 * (3 * discriminator - shallow)
  const halfG = generator + 2 * discriminator + (2 * generator - dense)
  return halfD + halfG
}
