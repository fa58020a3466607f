import { sizeOf } from '@tensorweft/core'
import type { Random } from './random.ts'

/** Sizes with and without tails. */
const sizes = [1, 2, 3, 4, 5, 8, 12, 16, 31]

/** Axes of at most `most` points, now and then a long one, or one without points. */
export function randomAxes(random: Random, rank: number, most: number): number[] {
  const axes = Array.from({ length: rank }, () => random.pick(sizes))
  const any = () => random.integer(0, rank - 1)
  if (rank > 0 && random.chance(0.3)) axes[any()] = random.integer(1, 5000)
  if (rank > 0 && random.chance(0.05)) axes[any()] = 0
  while (sizeOf(axes) > most) axes[axes.indexOf(Math.max(...axes))] = 3
  return axes
}
