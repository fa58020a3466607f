import { type IndexData, type LoopKernel, mapProgram, mapStores } from '@tensorweft/core'
import { lanesPerVector } from '../loops/nest.ts'
import { cutStages, isLong } from '../transform/cut-stages.ts'
import { keepValues } from '../transform/kept-values.ts'
import { joinRows, vectorsAtOnce } from './join-rows.ts'
import { chooseLoops, type LoopChoice } from './loop-choice.ts'
import { type Strips, withStrips } from './strip-index.ts'

/** A kernel as it is emitted: its axes are in the order of the choice. */
export interface PreparedLoops {
  readonly kernel: LoopKernel
  readonly choice: LoopChoice
  /** Number of the operand that is scratch memory, and its elements of four bytes. */
  readonly scratchOperand: number
  readonly scratchElements: number
}

/** Points of a strip: what is kept of it stays in the first-level cache. */
const stripPoints = 1024
/** Maps with fewer points are not worth the code. */
const leastPoints = 4 * stripPoints
/** Elements that are kept at most, for the second-level cache. */
const mostKept = 65_536
/** Points of a row whose stages are cut. */
const mostCut = 8192

interface Groups {
  readonly kernel: LoopKernel
  readonly outer: readonly number[]
  readonly reduced: readonly number[]
}

/**
 * Chooses loops. Maps whose steps wait for each other for long run in strips; stages of rows and
 * strips keep what later ones need; sums that share factors are computed together. Returns what is
 * to be emitted in order.
 */
export function prepareLoops(
  kernel: LoopKernel,
  outer: readonly number[],
  reduced: readonly number[],
): PreparedLoops[] {
  const groups = { kernel, outer, reduced }
  const choice = chooseLoops(kernel, outer, reduced)
  const joined = joinRows(kernel, outer, choice.vectorAxis)
  if (joined !== undefined) return joined.map((own) => together(own, choice))
  return strips(groups, choice).map(keep)
}

/** Sums that are computed together: so many vectors at once that the registers suffice. */
function together(kernel: LoopKernel, { outer, reduced, vectorAxis }: LoopChoice): PreparedLoops {
  const choice = chooseLoops(kernel, outer, reduced, vectorAxis)
  const vectors = Math.ceil((kernel.axes[vectorAxis ?? -1] ?? 1) / lanesPerVector)
  const unroll = vectorsAtOnce(vectors, kernel.stages[0]?.reductions.length ?? 1)
  return plain(kernel, { ...choice, unroll })
}

const plain = (kernel: LoopKernel, choice: LoopChoice): PreparedLoops => {
  return { kernel, choice, scratchOperand: kernel.operands.length, scratchElements: 0 }
}

const product = (sizes: readonly number[], axes: readonly number[]): number =>
  axes.reduce((points, axis) => points * (sizes[axis] ?? 1), 1)

/** Cuts the points of a map into strips, if that is worth while. */
function strips(groups: Groups, { outer, vectorAxis }: LoopChoice): Groups[] {
  const { axes, stages } = groups.kernel
  const [stage] = stages
  const isMap = groups.reduced.length === 0 && stages.length === 1
  if (!isMap || stage === undefined || vectorAxis === undefined) return [groups]
  if (product(axes, outer) < leastPoints || !isLong(stage, outer)) return [groups]
  const kernel: LoopKernel = { ...groups.kernel, stages: [{ ...stage, over: 'all' }] }
  const size = axes[vectorAxis] ?? 1
  if (size <= stripPoints) {
    let first = outer.length - 1
    while (first > 0 && product(axes, outer.slice(first - 1)) <= stripPoints) first--
    return [{ kernel, outer: outer.slice(0, first), reduced: outer.slice(first) }]
  }
  const length = 8 * Math.ceil(size / Math.ceil(size / stripPoints) / 8)
  const count = Math.floor(size / length)
  const rest = size - count * length
  const whole = stripsOf(kernel, outer, { axis: vectorAxis, start: 0, count, length })
  if (rest === 0) return [whole]
  const last = { axis: vectorAxis, start: count * length, count: 1, length: rest }
  return [whole, stripsOf(kernel, outer, last)]
}

interface CountedStrips extends Strips {
  readonly count: number
}

/** A map over some strips of its last axis; a new axis counts the points of a strip. */
function stripsOf(kernel: LoopKernel, outer: readonly number[], strips: CountedStrips): Groups {
  const sizes = [...kernel.axes]
  const stripAxis = sizes.push(strips.length) - 1
  sizes[strips.axis] = strips.count
  const rewrite = (index: IndexData) => withStrips(index, strips, stripAxis)
  const stages = kernel.stages.map((stage) => ({
    ...stage,
    program: mapProgram(stage.program, rewrite),
    stores: mapStores(stage.stores, rewrite),
  }))
  return {
    kernel: { ...kernel, axes: sizes, stages },
    outer: strips.count === 1 ? outer.slice(0, -1) : outer,
    reduced: [stripAxis],
  }
}

/** Keeps values of the points of the reduced axes, where the row fits and vectors run along it. */
function keep({ kernel, outer, reduced }: Groups): PreparedLoops {
  const choice = chooseLoops(kernel, outer, reduced)
  const { vectorAxis } = choice
  const scratchOperand = kernel.operands.length
  if (!reduced.includes(vectorAxis ?? -1)) return plain(kernel, choice)
  const points = product(kernel.axes, reduced)
  let stride = points
  const terms = choice.reduced.map((axis) => {
    stride /= kernel.axes[axis] ?? 1
    return { axis, coefficient: stride }
  })
  const index = { constant: 0, terms, digits: [] }
  const array = { operand: scratchOperand, reduced, index, points }
  const stages = points <= mostCut ? cutStages(kernel.stages, reduced) : kernel.stages
  const kept = keepValues(stages, array, (operand) => kernel.operands[operand]?.slot)
  const scratchElements = kept.values * points
  if (kept.values === 0 || scratchElements > mostKept) return plain(kernel, choice)
  const operands = [...kernel.operands, { slot: -1, dtype: 'int32' as const }]
  const changed = { ...kernel, operands, stages: kept.stages }
  const sameLoops = chooseLoops(changed, outer, reduced, vectorAxis)
  return { kernel: changed, choice: sameLoops, scratchOperand, scratchElements }
}
