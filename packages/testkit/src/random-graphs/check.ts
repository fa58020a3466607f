import type { Backend } from '@tensorweft/core'
import { describeMismatches } from '../reference/compare.ts'
import { evaluateReference } from '../reference/evaluate.ts'
import { buildOutputs, leafTensors } from './build.ts'
import { Choices } from './choices.ts'
import { defaultLimits, generateGraph } from './generate.ts'
import type { GraphLimits } from './growing-graph.ts'
import { printProgram } from './print.ts'
import type { GraphProgram } from './program.ts'
import { type RunMode, runModes } from './run-modes.ts'
import { shrinkChoices, shrinkProgram } from './shrink.ts'

export interface RandomGraphOptions {
  /** Number of graphs, by default 100. */
  readonly count?: number
  /** The first seed; graph i uses seed + i. By default 0. */
  readonly seed?: number
  /** By default all, in turn. */
  readonly modes?: readonly RunMode[]
  readonly limits?: Partial<GraphLimits>
}

/** What was compared. */
export interface RandomGraphSummary {
  readonly graphs: number
  readonly elements: number
  /** Elements of which the reference could say nothing, such as 1 / 0.1 − 10 cancelled to noise. */
  readonly uncertain: number
}

/** A graph on which a backend and the reference differ, made small. */
export class GraphMismatchError extends Error {
  override readonly name = 'GraphMismatchError'
  readonly program: GraphProgram
  readonly mode: RunMode

  constructor(seed: number, mode: RunMode, program: GraphProgram, difference: string) {
    super(`graph of seed ${seed}, run ${mode}:\n${printProgram(program)}\n${difference}`)
    this.program = program
    this.mode = mode
  }
}

/**
 * Runs random computations on a backend and compares every element with the reference. A failure
 * is made small and thrown as code that repeats it.
 *
 * @throws GraphMismatchError for the first graph whose results are wrong, or that throws.
 * @example
 * ```ts
 * await checkRandomGraphs(cpu(), { count: 20 })
 * ```
 */
export async function checkRandomGraphs(
  backend: Backend,
  options: RandomGraphOptions = {},
): Promise<RandomGraphSummary> {
  const { count = 100, seed: first = 0, modes = allModes } = options
  const limits = { ...defaultLimits, ...options.limits }
  const summary = { graphs: 0, elements: 0, uncertain: 0 }
  for (let i = 0; i < count; i++) {
    const mode = modes[i % modes.length] ?? 'eager'
    const choices = Choices.random(first + i)
    const program = generateGraph(choices, limits)
    const { difference, elements, uncertain } = await compareRun(program, mode, backend)
    if (difference !== undefined) {
      throw await smallest(first + i, choices.taken, limits, mode, backend)
    }
    summary.graphs++
    summary.elements += elements
    summary.uncertain += uncertain
  }
  return summary
}

const allModes: readonly RunMode[] = ['eager', 'stepwise', 'withGradients', 'compiled', 'assigned']

/** Runs a program on a backend and describes how it differs from the reference, if it does. */
export async function compareRun(
  program: GraphProgram,
  mode: RunMode,
  backend: Backend,
): Promise<{ difference: string | undefined; elements: number; uncertain: number }> {
  const counts = { elements: 0, uncertain: 0 }
  try {
    const outcomes = await runModes[mode](program, backend)
    const expected = await evaluateReference(outcomes.map((outcome) => outcome.expected))
    for (const [i, { what, actual }] of outcomes.entries()) {
      const wanted = expected[i]
      if (wanted === undefined) continue
      counts.elements += wanted.values.length
      counts.uncertain += wanted.radii.filter((radius) => !Number.isFinite(radius)).length
      const difference = describeMismatches(actual, wanted)
      if (difference !== undefined) return { difference: `${what}: ${difference}`, ...counts }
    }
    return { difference: undefined, ...counts }
  } catch (error) {
    const text = error instanceof Error ? (error.stack ?? error.message) : String(error)
    return { difference: `threw ${text.split('\n').slice(0, 6).join('\n')}`, ...counts }
  }
}

async function smallest(
  seed: number,
  taken: readonly number[],
  limits: GraphLimits,
  mode: RunMode,
  backend: Backend,
): Promise<GraphMismatchError> {
  const differs = async (program: GraphProgram) =>
    isAccepted(program) && (await compareRun(program, mode, backend)).difference !== undefined
  const generated = (choices: readonly number[]) => generateGraph(Choices.replay(choices), limits)
  const choices = await shrinkChoices(taken, (list) => differs(generated(list)))
  const program = await shrinkProgram(generated(choices), differs)
  const { difference } = await compareRun(program, mode, backend)
  return new GraphMismatchError(seed, mode, program, difference ?? 'it fails only after other runs')
}

/** Whether core takes the arguments: simpler ones, such as other positions in an axis, may be wrong. */
function isAccepted(program: GraphProgram): boolean {
  try {
    buildOutputs(program, leafTensors(program))
    return true
  } catch {
    return false
  }
}
