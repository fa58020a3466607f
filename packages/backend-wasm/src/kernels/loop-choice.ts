import {
  type IndexData,
  indicesOfProgram,
  type LoopKernel,
  type Program,
  type Stage,
} from '@tensorweft/core'
import { axesOf, coefficientOf } from '../loops/bounds.ts'
import { lanesPerVector } from '../loops/nest.ts'

/** The loops of a kernel: which axes in which order, and which one is taken by vectors. */
export interface LoopChoice {
  readonly outer: readonly number[]
  readonly reduced: readonly number[]
  /** Undefined where the kernel has no axes. */
  readonly vectorAxis: number | undefined
  readonly unroll: number
}

// What accesses cost in a vector of four, in about the time of one instruction.
const splatCost = 0.5
const contiguousCost = 1
const permutedCost = 2
const stridedCost = 6
const scatteredCost = 24
const gatherCost = 9
const guardCost = 4
const horizontalCost = 6

/** Cost of loading or storing four lanes along an axis. */
function accessCost(index: IndexData, axis: number): number {
  if (index.digits.some(({ of }) => axesOf(of).includes(axis))) return scatteredCost
  const step = coefficientOf(index, axis)
  if (step === 0) return splatCost
  if (step === 1) return contiguousCost
  return step === -1 || step === 2 ? permutedCost : stridedCost
}

/** Cost of a program and its stores for four lanes along an axis. */
export function vectorCost(
  { program, stores }: Pick<Stage, 'program' | 'stores'>,
  axis: number,
): number {
  const varying = varyingSteps(program, axis)
  const steps = program.map((step) => {
    if (step.op !== 'load' && step.op !== 'gather') return step.op === 'apply' ? 1 : 0
    const isGuarded = step.within.some(({ index }) => axesOf(index).includes(axis))
    const isScattered = step.op === 'gather' && varying[step.offset] === true
    const cost = isScattered ? gatherCost : accessCost(step.index, axis)
    return cost + (isGuarded ? guardCost : 0)
  })
  const writes = stores.map(({ index }) => 2 * accessCost(index, axis))
  return [...steps, ...writes].reduce((sum, cost) => sum + cost, 0)
}

/** Which values of a program may change along an axis. */
export function varyingSteps(program: Program, axis: number): boolean[] {
  const varying: boolean[] = []
  for (const step of program) {
    const indices = indicesOfProgram([step])
    const args = step.op === 'apply' ? step.args : step.op === 'gather' ? [step.offset] : []
    varying.push(
      step.op === 'reduced' ||
        indices.some((index) => axesOf(index).includes(axis)) ||
        args.some((arg) => varying[arg] === true),
    )
  }
  return varying
}

function scalarCost({ program, stores }: Stage): number {
  return countOf(program) + stores.length
}

function product(sizes: readonly number[], axes: readonly number[]): number {
  return axes.reduce((points, axis) => points * (sizes[axis] ?? 1), 1)
}

function kernelCost(
  { axes, stages }: LoopKernel,
  outer: readonly number[],
  reduced: readonly number[],
  axis: number,
): number {
  const size = axes[axis] ?? 1
  const vectors = Math.ceil(size / lanesPerVector)
  const outerPoints = product(axes, outer)
  return stages.reduce((sum, stage) => {
    const isAll = stage.over === 'all'
    const points = outerPoints * (isAll ? product(axes, reduced) : 1)
    const isVector = outer.includes(axis) || (isAll && reduced.includes(axis))
    if (!isVector) return sum + points * scalarCost(stage)
    const joined = reduced.includes(axis)
      ? outerPoints * stage.reductions.length * horizontalCost
      : 0
    return sum + (points / size) * vectors * vectorCost(stage, axis) + joined
  }, 0)
}

/** Axes by falling stride of the first index that uses them. */
export function byStride(group: readonly number[], indices: readonly IndexData[]): number[] {
  const stride = (axis: number) => {
    const index = indices.find((candidate) => coefficientOf(candidate, axis) !== 0)
    return index === undefined ? 0 : Math.abs(coefficientOf(index, axis))
  }
  return [...group].sort((a, b) => stride(b) - stride(a))
}

function last(group: readonly number[], axis: number | undefined): number[] {
  if (axis === undefined || !group.includes(axis)) return [...group]
  return [...group.filter((other) => other !== axis), axis]
}

/** Points of a reduction from which on it is memory that takes the time. */
const manyPoints = 64

/**
 * More vectors at once hide the latency of sums and of loads, as far as registers reach. Where a
 * long reduction runs across them, each turn jumps to another line of memory: it takes several.
 */
function chooseUnroll(kernel: LoopKernel, axis: number, reduced: readonly number[]): number {
  const isReduced = reduced.includes(axis)
  const stages = kernel.stages.filter(({ over }) => over === 'all' || !isReduced)
  const steps = Math.max(1, ...stages.map(({ program }) => countOf(program)))
  const isAcross = !isReduced && reduced.length > 0
  const isLong = isAcross && product(kernel.axes, reduced) >= manyPoints
  const wanted = isLong ? 16 : isAcross ? 8 : 4
  const fitting = steps <= 8 ? wanted : steps <= 16 ? 4 : steps <= 24 ? 2 : 1
  const vectors = Math.ceil((kernel.axes[axis] ?? 1) / lanesPerVector)
  return Math.max(1, Math.min(fitting, vectors))
}

/** Steps that take time. */
export function countOf(program: Program): number {
  return program.filter(({ op }) => op === 'load' || op === 'gather' || op === 'apply').length
}

/** The axis along which vectors cost the least; among equals the inner one. */
function chooseVectorAxis(
  kernel: LoopKernel,
  outer: readonly number[],
  reduced: readonly number[],
): number | undefined {
  const candidates = [...outer, ...reduced].map((axis) => ({
    axis,
    cost: kernelCost(kernel, outer, reduced, axis),
  }))
  const [best] = candidates.reverse().sort((a, b) => a.cost - b.cost)
  return best?.axis
}

/** Puts the loops of a kernel in order. */
export function chooseLoops(
  kernel: LoopKernel,
  outer: readonly number[],
  reduced: readonly number[],
  vectorAxis: number | undefined = chooseVectorAxis(kernel, outer, reduced),
): LoopChoice {
  const stores = kernel.stages.flatMap((stage) => stage.stores.map(({ index }) => index))
  const loads = kernel.stages.flatMap(({ program }) => indicesOfProgram(program))
  return {
    outer: last(byStride(outer, [...stores, ...loads]), vectorAxis),
    reduced: last(byStride(reduced, [...loads, ...stores]), vectorAxis),
    vectorAxis,
    unroll: vectorAxis === undefined ? 1 : chooseUnroll(kernel, vectorAxis, reduced),
  }
}
