import { type DcganProblem, type DcganSizes, leakySlope } from '../../problems/dcgan.ts'
import { type BatchNorm, batchNorm, batchNormGradients } from './batch-norm.ts'
import { fold, type Geometry, unfold, type Window } from './images.ts'
import {
  addRow,
  columnSums,
  type Matrix,
  mapMatrix,
  matrix,
  product,
  relu,
  reshape,
  transpose,
  where,
} from './matrix.ts'
import { type TrainedMatrix, trained, updateWeights } from './trained.ts'

const halving: Window = { side: 4, stride: 2, before: 1 }

type Generator = Readonly<Record<keyof DcganProblem['generator'], TrainedMatrix>>
type Discriminator = Readonly<Record<keyof DcganProblem['discriminator'], TrainedMatrix>>
type Changes = readonly (readonly [TrainedMatrix, Matrix])[]

/** Both losses, the discriminator's first, of each of the first `steps` training steps, in float64. */
export function dcganLosses(problem: DcganProblem, steps: number): number[] {
  const { sizes, images, noiseD, noiseG, update } = problem
  const [generator, discriminator] = [generatorOf(problem), discriminatorOf(problem)]
  const real = matrix(sizes.batch * sizes.side ** 2, 1, images)
  const losses: number[] = []
  for (let step = 1; step <= steps; step++) {
    const fake = generate(problem, generator, noiseD).images
    const onReal = discriminate(sizes, discriminator, real)
    const onFake = discriminate(sizes, discriminator, fake)
    losses.push(meanSoftplus(onReal.logits, -1) + meanSoftplus(onFake.logits, 1))
    const dReal = discriminatorGradients(sizes, discriminator, onReal, slope(onReal.logits, -1))
    const dFake = discriminatorGradients(sizes, discriminator, onFake, slope(onFake.logits, 1))
    for (const [weights, dy] of addChanges(dReal.changes, dFake.changes)) {
      updateWeights(weights, dy, update, step)
    }

    const made = generate(problem, generator, noiseG)
    const judged = discriminate(sizes, discriminator, made.images)
    losses.push(meanSoftplus(judged.logits, -1))
    // The update after the last loss would change nothing that anyone sees.
    if (step === steps) break
    const { dx } = discriminatorGradients(sizes, discriminator, judged, slope(judged.logits, -1))
    for (const [weights, dy] of generatorGradients(sizes, generator, made, dx)) {
      updateWeights(weights, dy, update, step)
    }
  }
  return losses
}

/** Of two passes through the same weights. */
function addChanges(first: Changes, second: Changes): Changes {
  return first.map(([weights, dy], i) => {
    const other = second[i]?.[1].values ?? []
    return [weights, mapMatrix(dy, (value, place) => value + (other[place] ?? 0))]
  })
}

function meanSoftplus({ rows, values }: Matrix, sign: number): number {
  return values.reduce((sum, x) => sum + softplus(sign * x), 0) / rows
}

/** Of `meanSoftplus` by each value. */
function slope(logits: Matrix, sign: number): Matrix {
  return mapMatrix(logits, (x) => sign / (1 + Math.exp(-sign * x)) / logits.rows)
}

function softplus(x: number): number {
  return Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)))
}

function generatorOf({ sizes, generator }: DcganProblem): Generator {
  const { latent, channels1, channels2 } = sizes
  return {
    w0: trained(latent, flat(sizes), generator.w0),
    gamma0: trained(1, channels2, generator.gamma0),
    beta0: trained(1, channels2, generator.beta0),
    u1: trained(16 * channels1, channels2, generator.u1),
    gamma1: trained(1, channels1, generator.gamma1),
    beta1: trained(1, channels1, generator.beta1),
    u2: trained(16, channels1, generator.u2),
    b2: trained(1, 1, generator.b2),
  }
}

function discriminatorOf({ sizes, discriminator }: DcganProblem): Discriminator {
  const { channels1, channels2 } = sizes
  return {
    f1: trained(16, channels1, discriminator.f1),
    b1: trained(1, channels1, discriminator.b1),
    f2: trained(16 * channels1, channels2, discriminator.f2),
    b2: trained(1, channels2, discriminator.b2),
    w3: trained(flat(sizes), 1, discriminator.w3),
    b3: trained(1, 1, discriminator.b3),
  }
}

/** What the generator made, and what its gradient needs. */
interface Made {
  readonly noise: Matrix
  readonly norm0: BatchNorm
  readonly hidden0: Matrix
  readonly norm1: BatchNorm
  readonly hidden1: Matrix
  readonly images: Matrix
}

function generate(problem: DcganProblem, weights: Generator, noise: Float32Array): Made {
  const { sizes, epsilon } = problem
  const { w0, gamma0, beta0, u1, gamma1, beta1, u2, b2 } = weights
  const z = matrix(sizes.batch, sizes.latent, noise)
  const dense = reshape(product(z, w0), sizes.batch * (sizes.side / 4) ** 2)
  const norm0 = batchNorm(dense, gamma0, beta0, epsilon)
  const hidden0 = relu(norm0.output)
  const half = fold(product(hidden0, transpose(u1)), halfSize(sizes), halving)
  const norm1 = batchNorm(half, gamma1, beta1, epsilon)
  const hidden1 = relu(norm1.output)
  const whole = addRow(fold(product(hidden1, transpose(u2)), fullSize(sizes), halving), b2)
  return { noise: z, norm0, hidden0, norm1, hidden1, images: mapMatrix(whole, Math.tanh) }
}

function generatorGradients(
  sizes: DcganSizes,
  { w0, gamma0, beta0, u1, gamma1, beta1, u2, b2 }: Generator,
  { noise, norm0, hidden0, norm1, hidden1, images }: Made,
  dImages: Matrix,
): Changes {
  const dWhole = mapMatrix(dImages, (dy, i) => dy * (1 - (images.values[i] ?? 0) ** 2))
  const patches2 = unfold(dWhole, fullSize(sizes), halving)
  const dHidden1 = where(hidden1, product(patches2, u2))
  const back1 = batchNormGradients(norm1, gamma1, dHidden1)
  const patches1 = unfold(back1.dx, halfSize(sizes), halving)
  const dHidden0 = where(hidden0, product(patches1, u1))
  const back0 = batchNormGradients(norm0, gamma0, dHidden0)
  return [
    [w0, product(transpose(noise), reshape(back0.dx, sizes.batch))],
    [gamma0, back0.dgamma],
    [beta0, back0.dbeta],
    [u1, product(transpose(patches1), hidden0)],
    [gamma1, back1.dgamma],
    [beta1, back1.dbeta],
    [u2, product(transpose(patches2), hidden1)],
    [b2, columnSums(dWhole)],
  ]
}

/** What the discriminator thinks of a batch, and what its gradient needs. */
interface Judged {
  readonly patches1: Matrix
  readonly before1: Matrix
  readonly patches2: Matrix
  readonly before2: Matrix
  readonly features: Matrix
  readonly logits: Matrix
}

function discriminate(sizes: DcganSizes, weights: Discriminator, images: Matrix): Judged {
  const { f1, b1, f2, b2, w3, b3 } = weights
  const patches1 = unfold(images, fullSize(sizes), halving)
  const before1 = addRow(product(patches1, f1), b1)
  const patches2 = unfold(leaky(before1), halfSize(sizes), halving)
  const before2 = addRow(product(patches2, f2), b2)
  const features = reshape(leaky(before2), sizes.batch)
  const logits = addRow(product(features, w3), b3)
  return { patches1, before1, patches2, before2, features, logits }
}

function discriminatorGradients(
  sizes: DcganSizes,
  { f1, b1, f2, b2, w3, b3 }: Discriminator,
  { patches1, before1, patches2, before2, features }: Judged,
  dLogits: Matrix,
): { changes: Changes; dx: Matrix } {
  const dFeatures = reshape(product(dLogits, transpose(w3)), before2.rows)
  const d2 = leakyGradient(before2, dFeatures)
  const d1 = leakyGradient(before1, fold(product(d2, transpose(f2)), halfSize(sizes), halving))
  const changes = [
    [f1, product(transpose(patches1), d1)],
    [b1, columnSums(d1)],
    [f2, product(transpose(patches2), d2)],
    [b2, columnSums(d2)],
    [w3, product(transpose(features), dLogits)],
    [b3, columnSums(dLogits)],
  ] as const
  return { changes, dx: fold(product(d1, transpose(f1)), fullSize(sizes), halving) }
}

function leaky(x: Matrix): Matrix {
  return mapMatrix(x, (value) => (value > 0 ? value : leakySlope * value))
}

function leakyGradient(x: Matrix, dy: Matrix): Matrix {
  return mapMatrix(dy, (value, i) => ((x.values[i] ?? 0) > 0 ? value : leakySlope * value))
}

function flat({ side, channels2 }: DcganSizes): number {
  return (side / 4) ** 2 * channels2
}

function fullSize({ batch, side }: DcganSizes): Geometry {
  return { batch, height: side, width: side }
}

function halfSize({ batch, side }: DcganSizes): Geometry {
  return { batch, height: side / 2, width: side / 2 }
}
