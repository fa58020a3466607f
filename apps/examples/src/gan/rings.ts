import {
  cos,
  floor,
  type Key,
  randomNormal,
  randomUniform,
  sin,
  splitKey,
  stack,
  type Tensor,
} from '@tensorweft/core'

/** Normal distributions around a circle. */
const modes = 8
const radius = 2
const deviation = 0.1

/**
 * Points [count, 2] of 8 normal distributions (σ 0.1) whose means lie evenly on a circle with radius 2,
 * the test of Metz et al., "Unrolled generative adversarial networks", 2017, section 3.1.
 */
export function ringPoints(key: Key, count: number): Tensor {
  const [modeKey = key, noiseKey = key] = splitKey(key)
  const numbers = floor(randomUniform(modeKey, [count]).mul(modes))
  const angles = numbers.mul((2 * Math.PI) / modes)
  const means = stack([cos(angles), sin(angles)], 1).mul(radius)
  return means.add(randomNormal(noiseKey, [count, 2]).mul(deviation))
}

/** How well points cover the ring. */
export interface Coverage {
  /** For each mode, the share of all points that is nearer to it than to others and within 4 σ. */
  readonly shares: readonly number[]
  /** The share of the points within 4 σ of a mode. */
  readonly near: number
}

/** @param points [points, 2], row-major. */
export function coverageOf(points: ArrayLike<number>): Coverage {
  const count = points.length / 2
  const counts = new Array<number>(modes).fill(0)
  for (let i = 0; i < count; i++) {
    const [x = 0, y = 0] = [points[2 * i], points[2 * i + 1]]
    const turn = Math.round((Math.atan2(y, x) / (2 * Math.PI)) * modes)
    const mode = (turn + modes) % modes
    const angle = (2 * Math.PI * mode) / modes
    const distance = Math.hypot(x - radius * Math.cos(angle), y - radius * Math.sin(angle))
    if (distance <= 4 * deviation) counts[mode] = (counts[mode] ?? 0) + 1
  }
  const shares = counts.map((n) => n / count)
  return { shares, near: shares.reduce((sum, share) => sum + share, 0) }
}
