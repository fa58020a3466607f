import {
  indicesOfProgram,
  type Kernel,
  mapProgram,
  type Program,
  type Store,
} from '@tensorweft/core'
import { byStride } from '../kernels/loop-choice.ts'
import type { Loop } from '../loops/nest.ts'
import { mergeAxes } from '../transform/merge-axes.ts'

export type WalkKernel = Extract<Kernel, { kind: 'scan' | 'sort' | 'scatter' }>

/** A kernel over rows in order, with as few axes as possible. */
export interface MergedWalk {
  readonly sizes: readonly number[]
  /** Axes that count the rows, the ones with the longest steps first. */
  readonly outer: readonly number[]
  /** Axes that count the points of a row, in the order of the points. */
  readonly points: readonly number[]
  readonly program: Program
  readonly store: Store
}

/** Undefined where there is no point at all. */
export function mergeWalk(kernel: WalkKernel): MergedWalk | undefined {
  if (kernel.axes.includes(0)) return undefined
  const numbers = kernel.axes.map((_, axis) => axis)
  const groups = [numbers.slice(0, kernel.outer), numbers.slice(kernel.outer)]
  const indices = [kernel.store.index, ...indicesOfProgram(kernel.program)]
  const { sizes, groups: merged, rewrite } = mergeAxes(kernel.axes, groups, indices)
  const [outer = [], points = []] = merged
  return {
    sizes,
    outer: byStride(outer, indices.map(rewrite)),
    points,
    program: mapProgram(kernel.program, rewrite),
    store: { ...kernel.store, index: rewrite(kernel.store.index) },
  }
}

/** A loop over each of some axes. */
export function loopsOver(sizes: readonly number[], axes: readonly number[]): Loop[] {
  return axes.map((axis) => ({ axis, extent: sizes[axis] ?? 1 }))
}

/** The axis that costs least for vectors, its last points included; the last among equals. */
export function cheapestAxis(
  sizes: readonly number[],
  axes: readonly number[],
  costOf: (axis: number) => number,
): number | undefined {
  const candidates = axes.map((axis) => {
    const size = sizes[axis] ?? 1
    return { axis, cost: (costOf(axis) * Math.ceil(size / 4)) / size }
  })
  const [best] = candidates.reverse().sort((a, b) => a.cost - b.cost)
  return best?.axis
}
