/** What takes turns in a measurement. */
export interface Steppable {
  /** Called, outside the timing, whenever its turn begins. */
  activate(): Promise<void>
  step(): Promise<void>
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
}

const measureLimits: MeasureLimits = {
  warmUpMs: 500,
  budgetMs: 2000,
  minRounds: 5,
  maxRounds: 40,
  maxBurst: 1000,
}

/** Milliseconds on a clock that never runs backwards. */
export type Clock = () => number

/**
 * Times one step of each subject. They take turns, round by round, so that a drift of the machine
 * (its clock rate, its neighbours) hits all alike. A fast subject makes several steps in its turn,
 * so that all get about the same time; the slowest decides how many rounds fit the budget.
 */
export async function measure(
  subjects: readonly Steppable[],
  limits: MeasureLimits = measureLimits,
  clock: Clock = () => performance.now(),
): Promise<Timing[]> {
  const estimates: number[] = []
  for (const subject of subjects) estimates.push(await warmUp(subject, limits.warmUpMs, clock))
  const rounds = clamp(
    Math.floor(limits.budgetMs / Math.max(...estimates)),
    limits.minRounds,
    limits.maxRounds,
  )
  const turns = subjects.map((subject, i) => {
    const burst = Math.round(limits.budgetMs / rounds / (estimates[i] ?? 1))
    return { subject, burst: clamp(burst, 1, limits.maxBurst), elapsed: [] as number[] }
  })
  for (let round = 0; round < rounds; round++) {
    for (const { subject, burst, elapsed } of turns) {
      await subject.activate()
      for (let i = 0; i < burst; i++) elapsed.push(await timeStep(subject, clock))
    }
  }
  return turns.map(({ elapsed }) => summarize(elapsed))
}

/** Median (of an even count: the mean of the middle two), minimum and count. */
export function summarize(elapsedMs: readonly number[]): Timing {
  const sorted = [...elapsedMs].sort((a, b) => a - b)
  const upper = sorted[sorted.length >> 1] ?? Number.NaN
  const lower = sorted[(sorted.length - 1) >> 1] ?? Number.NaN
  return { medianMs: (lower + upper) / 2, minMs: sorted[0] ?? Number.NaN, runs: sorted.length }
}

/** Runs for at least `warmUpMs` and one step; returns the shortest step. */
async function warmUp(subject: Steppable, warmUpMs: number, clock: Clock): Promise<number> {
  await subject.activate()
  const end = clock() + warmUpMs
  let shortest = Number.POSITIVE_INFINITY
  do shortest = Math.min(shortest, await timeStep(subject, clock))
  while (clock() < end)
  return shortest
}

async function timeStep(subject: Steppable, clock: Clock): Promise<number> {
  const start = clock()
  await subject.step()
  return clock() - start
}

function clamp(value: number, low: number, high: number): number {
  return Math.min(Math.max(value, low), high)
}
