import {
  add,
  formatShape,
  gradients,
  type Key,
  mul,
  norm,
  randomUniform,
  ShapeError,
  sameShape,
  settleOptions,
  sizeOf,
  sub,
  type Tensor,
} from '@tensorweft/core'
import { optionRules } from '@tensorweft/layers'

const op = 'gradientPenalty'

/** Of one batch; both are scalars. */
export interface GradientPenalty {
  /** The mean of (‖∇‖ − 1)², to be weighted and minimised. */
  readonly penalty: Tensor
  /** The mean of ‖∇‖, which is near 1 where the penalty does its work. */
  readonly norm: Tensor
}

/**
 * How far the slopes of a critic are from 1: the mean of `(‖∇ₓ critic(x)‖₂ − 1)²` at points
 * `x = u · real + (1 − u) · fake` with one u for each sample, uniform in [0, 1). The critic must treat
 * samples one by one, so it has no batch normalisation.
 *
 * Gulrajani et al., "Improved training of Wasserstein GANs", 2017, algorithm 1.
 *
 * @param critic A function of samples [batch, …], such as a layer's `apply`.
 * @param real Samples [batch, …].
 * @param fake As many others.
 * @param key Decides u.
 * @throws ArgumentError for what is no function or tensor, ShapeError where the shapes differ.
 * @example
 * ```ts
 * // Its slope is (0.6, 0.8) everywhere, and has the norm 1.
 * const critic = (x: Tensor) => x.mul(tensor([0.6, 0.8])).sum(1)
 * const slopes = gradientPenalty(critic, ones([4, 2]), zeros([4, 2]), key(1))
 * await slopes.norm.item() // 1
 * await slopes.penalty.item() // 0
 * ```
 */
export function gradientPenalty(
  critic: (x: Tensor) => Tensor,
  real: Tensor,
  fake: Tensor,
  key: Key,
): GradientPenalty {
  const { aTensor, ofType } = optionRules
  settleOptions(
    op,
    { critic, real, fake },
    { critic: [ofType('function')], real: [aTensor], fake: [aTensor] },
  )
  if (!sameShape(real.shape, fake.shape) || real.rank === 0 || sizeOf(real.shape) === 0) {
    throw new ShapeError(op, {
      got: `real is ${formatShape(real.shape)} and fake is ${formatShape(fake.shape)}`,
      wanted: 'the same shape [batch, …], with elements',
    })
  }
  const [batch = 0, ...sample] = real.shape
  const share = randomUniform(key, [batch, ...sample.map(() => 1)]).cast(real.dtype)
  const x = add(fake, mul(share, sub(real, fake)))
  const slopes = gradients(critic(x).sum(), x).reshape([batch, -1])
  const norms = norm(slopes, 1)
  return { penalty: norms.sub(1).square().mean(), norm: norms.mean() }
}
