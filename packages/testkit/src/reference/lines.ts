import type { Shape } from '@tensorweft/core'
import { forEachPoint } from './points.ts'

/** Positions of the elements of each line along an axis, in order. */
export function linesAlong(shape: Shape, axis: number): number[][] {
  const lines = new Map<string, number[]>()
  forEachPoint(shape, (at, position) => {
    const line = at.filter((_, i) => i !== axis).join()
    const members = lines.get(line)
    if (members === undefined) lines.set(line, [position])
    else members.push(position)
  })
  return [...lines.values()]
}
