import { describe, expect, test } from 'vitest'
import type { DcganProblem } from '../../problems/dcgan.ts'
import type { UpdateRule } from '../../problems/update-rule.ts'
import { seededRandom, truncatedNormal, uniform } from '../../random.ts'
import { dcganProblem } from '../dcgan.ts'
import { slopes } from './central-difference.testing.ts'
import { dcganLosses } from './dcgan.ts'

const sizes = { batch: 3, side: 8, latent: 3, channels1: 2, channels2: 3 }

/** With weights large enough for every layer to matter. */
function problemWith(update: UpdateRule): DcganProblem {
  const problem = dcganProblem(sizes, update)
  const random = seededRandom(7)
  const draw = (values: Float32Array) =>
    values.every((value) => value === 1)
      ? uniform(random, values.length, 0.5, 1.5)
      : truncatedNormal(random, values.length, 0.4)
  const { w0, gamma0, beta0, u1, gamma1, beta1, u2, b2 } = problem.generator
  const { discriminator } = problem
  return {
    ...problem,
    generator: {
      ...{ w0: draw(w0), gamma0: draw(gamma0), beta0: draw(beta0), u1: draw(u1) },
      ...{ gamma1: draw(gamma1), beta1: draw(beta1), u2: draw(u2), b2: draw(b2) },
    },
    discriminator: {
      ...{ f1: draw(discriminator.f1), b1: draw(discriminator.b1), f2: draw(discriminator.f2) },
      ...{ b2: draw(discriminator.b2), w3: draw(discriminator.w3), b3: draw(discriminator.b3) },
    },
  }
}

const namesD = ['f1', 'b1', 'f2', 'b2', 'w3', 'b3'] as const
const namesG = ['w0', 'gamma0', 'beta0', 'u1', 'gamma1', 'beta1', 'u2', 'b2'] as const

const still = problemWith({ rule: 'sgd', learningRate: 0 })

function lossesOf(parts: Partial<DcganProblem>): { d: number; g: number } {
  const [d = Number.NaN, g = Number.NaN] = dcganLosses({ ...still, ...parts }, 1)
  return { d, g }
}

function dot(a: readonly number[], b: readonly number[]): number {
  return a.reduce((sum, value, i) => sum + value * (b[i] ?? 0), 0)
}

describe('dcganLosses', () => {
  test('are those of equal odds where the logits are zero', () => {
    const w3 = new Float32Array(still.discriminator.w3.length)
    const { d, g } = lossesOf({
      discriminator: { ...still.discriminator, w3, b3: new Float32Array(1) },
    })
    expect([d, g]).toEqual([2 * Math.log(2), Math.log(2)].map((loss) => expect.closeTo(loss, 12)))
  })

  test('change by what the gradients say after a small step', () => {
    const learningRate = 1e-6
    const [d1 = 0, g1 = 0, d2 = 0] = dcganLosses(problemWith({ rule: 'sgd', learningRate }), 2)
    const before = lossesOf({})
    const byD = (which: 'd' | 'g') =>
      slopes((discriminator) => lossesOf({ discriminator })[which], still.discriminator, namesD)
    const byG = (which: 'd' | 'g') =>
      slopes((generator) => lossesOf({ generator })[which], still.generator, namesG)
    expect(d1).toBe(before.d)
    // The generator's loss is read after the discriminator's update.
    expect((before.g - g1) / (learningRate * dot(byD('g'), byD('d')))).toBeCloseTo(1, 2)
    // The discriminator's next loss comes after both.
    const change = dot(byD('d'), byD('d')) + dot(byG('d'), byG('g'))
    expect((d1 - d2) / (learningRate * change)).toBeCloseTo(1, 2)
  })
})
