import type { Program, Stage } from '@tensorweft/core'
import { selectSteps } from './kept-values.ts'
import { argumentsOf, costOf, dependents } from './step-cost.ts'

/**
 * Cycles from the first step of a program to its last. A processor looks some hundred instructions
 * ahead: where those of one vector wait for each other for longer, it has nothing else to do.
 */
const longLatency = 100
/** Values that a stage hands on at most. */
const mostCrossing = 4

/**
 * Cuts stages whose steps wait for each other for long into several: each one computes what the
 * one before computes, and more. What they have in common is to be kept.
 */
export function cutStages(stages: readonly Stage[], axes: readonly number[]): Stage[] {
  return stages.flatMap((stage) => (stage.over === 'all' ? cutStage(stage, axes) : [stage]))
}

function cutStage(stage: Stage, axes: readonly number[]): Stage[] {
  const { program } = stage
  const ends = latencies(program, axes)
  const total = Math.max(0, ...ends)
  const pieces = Math.ceil(total / longLatency)
  const limits: number[] = []
  for (let piece = 1; piece < pieces; piece++) {
    const least = limits.at(-1) ?? 0
    const limit = bestLimit(program, ends, least, (piece * total) / pieces, total / pieces / 2)
    if (limit !== undefined) limits.push(limit)
  }
  const starts = limits.map((limit) => {
    const isEarly = ends.map((end) => end <= limit)
    return selectSteps({ ...stage, reductions: [], stores: [] }, isEarly)
  })
  return [...starts, stage]
}

/** Whether a stage is one that `cutStages` would cut. */
export function isLong({ program }: Stage, axes: readonly number[]): boolean {
  return Math.max(0, ...latencies(program, axes)) > longLatency
}

/** When each value is there; those that do not change along the axes are from the start. */
function latencies(program: Program, axes: readonly number[]): number[] {
  const varying = dependents(program, axes)
  const ends: number[] = []
  program.forEach((step, number) => {
    const start = Math.max(0, ...argumentsOf(step).map((arg) => ends[arg] ?? 0))
    ends.push(varying[number] === true ? start + costOf(step).latency : 0)
  })
  return ends
}

/** The time near the wanted one at which the fewest values are needed later. */
function bestLimit(
  program: Program,
  ends: readonly number[],
  least: number,
  wanted: number,
  reach: number,
): number | undefined {
  const near = ends.filter((end) => end > least && Math.abs(end - wanted) <= reach)
  const candidates = [...new Set(near)].map((limit) => ({
    limit,
    cost: crossing(program, ends, limit) + Math.abs(limit - wanted) / (2 * reach),
    count: crossing(program, ends, limit),
  }))
  const [best] = candidates
    .filter(({ count }) => count <= mostCrossing)
    .sort((a, b) => a.cost - b.cost)
  return best?.limit
}

/** Values that are there at a time and needed after it. */
function crossing(program: Program, ends: readonly number[], limit: number): number {
  const needed = new Set<number>()
  program.forEach((step, number) => {
    if ((ends[number] ?? 0) <= limit) return
    for (const arg of argumentsOf(step)) {
      const end = ends[arg] ?? 0
      if (end > 4 && end <= limit) needed.add(arg)
    }
  })
  return needed.size
}
