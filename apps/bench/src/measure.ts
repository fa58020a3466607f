import { onBehalfOf } from './errors.ts'
import type { Queue } from './subject.ts'

/** What takes turns in a measurement. */
export interface Steppable {
  /** Whose steps they are, for what goes wrong. */
  readonly subject: string
  /** Called, outside the timing, whenever its turn begins. */
  activate(): Promise<void>
  step(): Promise<void>
  /** Where it is there, the steps of a turn are enqueued in place of `step`, and awaited together. */
  readonly queue?: Queue | undefined
  /** Called after every step, outside the timing. */
  settle?(): Promise<void>
  /** How long a step took before the measurement. */
  readonly checkedMs?: number
}

export interface Timing {
  readonly medianMs: number
  readonly minMs: number
  readonly runs: number
}

export interface MeasureLimits {
  /** Untimed running per subject, so that the engine's optimised code is what is measured. */
  readonly warmUpMs: number
  /** Timed running per subject, unless `minRounds` asks for more. */
  readonly budgetMs: number
  readonly minRounds: number
  readonly maxRounds: number
  /** Steps in one turn at most. */
  readonly maxBurst: number
  /** A subject whose step took this long before the measurement is timed once, as it is. */
  readonly slowMs: number
}

export const measureLimits: MeasureLimits = {
  warmUpMs: 500,
  budgetMs: 2000,
  minRounds: 5,
  maxRounds: 40,
  maxBurst: 1000,
  slowMs: 20_000,
}

/** Milliseconds on a clock that never runs backwards. */
export type Clock = () => number

interface Turn {
  readonly subject: Steppable
  readonly estimateMs: number
  readonly elapsed: number[]
}

/**
 * Times one step of each subject. They take turns, round by round, so that a drift of the machine
 * (its clock rate, its neighbours) hits all alike. A fast subject makes several steps in its turn,
 * so that all get about the same time; the slowest decides how many rounds fit the budget. Those
 * that are too slow for any of this take a single step, and no other to warm up.
 */
export async function measure(
  subjects: readonly Steppable[],
  limits: MeasureLimits = measureLimits,
  clock: Clock = () => performance.now(),
): Promise<Timing[]> {
  const elapsed = subjects.map((): number[] => [])
  const turns: Turn[] = []
  for (const [i, subject] of subjects.entries()) {
    const times = elapsed[i] ?? []
    await onBehalfOf(subject.subject, async () => {
      await subject.activate()
      if ((subject.checkedMs ?? 0) >= limits.slowMs) times.push(await timeStep(subject, clock))
      else turns.push({ subject, estimateMs: await warmUp(subject, limits, clock), elapsed: times })
    })
  }
  await takeTurns(turns, limits, clock)
  return elapsed.map(summarize)
}

async function takeTurns(
  turns: readonly Turn[],
  { budgetMs, minRounds, maxRounds, maxBurst }: MeasureLimits,
  clock: Clock,
): Promise<void> {
  const slowestMs = Math.max(...turns.map(({ estimateMs }) => estimateMs))
  const rounds = clamp(Math.floor(budgetMs / slowestMs), minRounds, maxRounds)
  for (let round = 0; round < rounds; round++) {
    for (const { subject, estimateMs, elapsed } of turns) {
      const burst = clamp(Math.round(budgetMs / rounds / estimateMs), 1, maxBurst)
      await onBehalfOf(subject.subject, async () => {
        await subject.activate()
        elapsed.push(...(await timeBurst(subject, burst, clock)))
      })
    }
  }
}

/** Median (of an even count: the mean of the middle two), minimum and count. */
export function summarize(elapsedMs: readonly number[]): Timing {
  const sorted = [...elapsedMs].sort((a, b) => a - b)
  const upper = sorted[sorted.length >> 1] ?? Number.NaN
  const lower = sorted[(sorted.length - 1) >> 1] ?? Number.NaN
  return { medianMs: (lower + upper) / 2, minMs: sorted[0] ?? Number.NaN, runs: sorted.length }
}

/**
 * Runs for at least `warmUpMs` and one step; returns the shortest step. Of steps that are awaited
 * together more and more are: what waiting itself takes must not be counted as theirs.
 */
async function warmUp(
  subject: Steppable,
  { warmUpMs, maxBurst }: MeasureLimits,
  clock: Clock,
): Promise<number> {
  const end = clock() + warmUpMs
  let shortest = Number.POSITIVE_INFINITY
  let burst = 1
  do {
    shortest = Math.min(shortest, ...(await timeBurst(subject, burst, clock)))
    if (subject.queue !== undefined) burst = Math.min(2 * burst, maxBurst)
  } while (clock() < end)
  return shortest
}

/** The milliseconds of `count` steps; their mean for each where they are awaited together. */
async function timeBurst(subject: Steppable, count: number, clock: Clock): Promise<number[]> {
  const { queue } = subject
  if (queue === undefined) {
    const elapsed: number[] = []
    for (let i = 0; i < count; i++) elapsed.push(await timeStep(subject, clock))
    return elapsed
  }
  const start = clock()
  for (let i = 0; i < count; i++) queue.enqueue()
  await queue.finish()
  return Array(count).fill((clock() - start) / count)
}

/** Milliseconds that one step takes. */
export async function timeStep(
  subject: Steppable,
  clock: Clock = () => performance.now(),
): Promise<number> {
  const start = clock()
  await subject.step()
  const elapsed = clock() - start
  await subject.settle?.()
  return elapsed
}

/** NaN, of no budget and a step that is too short for the clock, counts as `low`. */
function clamp(value: number, low: number, high: number): number {
  return value > low ? Math.min(value, high) : low
}
