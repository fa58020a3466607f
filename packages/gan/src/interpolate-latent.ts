import {
  acos,
  clip,
  formatShape,
  logicalNot,
  norm,
  ShapeError,
  sameShape,
  settleOptions,
  sin,
  type Tensor,
  where,
} from '@tensorweft/core'
import { optionRules } from '@tensorweft/layers'

/**
 * Noise between two points of noise, [latentSize] or [count, latentSize], on the arc from the one to
 * the other: `(sin((1 − t) ω) a + sin(t ω) b) / sin ω` with the angle ω between them. On the straight
 * line the vectors would be shorter than any that a generator was trained with.
 *
 * White, "Sampling generative networks", 2016, section 2.1; Shoemake, "Animating rotation with
 * quaternion curves", 1985.
 *
 * @param t From 0, where a is, to 1, where b is.
 * @throws ArgumentError for another t, ShapeError where the shapes differ.
 * @example
 * ```ts
 * const between = interpolateLatent(tensor([1, 0]), tensor([0, 1]), 0.5)
 * await between.array() // [0.7071, 0.7071]
 * ```
 */
export function interpolateLatent(a: Tensor, b: Tensor, t: number): Tensor {
  const op = 'interpolateLatent'
  const { aTensor, share } = optionRules
  settleOptions(op, { a, b, t }, { a: [aTensor], b: [aTensor], t: [share] })
  if (a.rank === 0 || !sameShape(a.shape, b.shape)) {
    throw new ShapeError(op, {
      got: `a is ${formatShape(a.shape)} and b is ${formatShape(b.shape)}`,
      wanted: 'the same shape, [latentSize] or [count, latentSize]',
    })
  }
  const keep = { keepDims: true }
  const norms = norm(a, -1, keep).mul(norm(b, -1, keep))
  const cosine = a.mul(b).sum(-1, keep).div(norms)
  const angle = acos(clip(cosine, -1, 1))
  const sine = sin(angle)
  // Along one line there is no arc, or no one arc.
  const isLine = logicalNot(sine.greater(1e-4))
  const shareOf = (part: number) =>
    where(isLine, part, sin(angle.mul(part)).div(where(isLine, 1, sine)))
  return a.mul(shareOf(1 - t)).add(b.mul(shareOf(t)))
}
