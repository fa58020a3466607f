import type { Entry, Lane } from './contestant.ts'
import { type Limits, Runner, type Track } from './runner.ts'

export const raceLimits: Limits = {
  checkSteps: 3,
  tolerance: 1e-4,
  // A GPU in software on a busy machine takes 20 s to compile the first step.
  patienceMs: 60_000,
  slowMs: 1500,
  warmUpMs: 400,
  budgetMs: 1600,
  minRounds: 3,
  maxRounds: 8,
  maxBurst: 500,
}

export interface Race extends Track {
  readonly entries: readonly Entry[]
  readonly open: (entry: Entry) => Lane
  readonly limits?: Limits
}

/**
 * Lets the contestants make the same training steps on the same data. First the losses of each are
 * compared, one contestant after the other; then they take turns, so that a drift of the machine's
 * speed hits all alike. Who cannot take part, or computes something else, is out and says why.
 */
export async function race({ limits = raceLimits, ...race }: Race): Promise<void> {
  const { entries, open, signal } = race
  const runners = entries.map((entry, index) => new Runner(entry, index, race, limits))
  const end = () => {
    for (const runner of runners) runner.end()
  }
  signal.addEventListener('abort', end)
  try {
    let reference: readonly number[] | undefined
    for (const runner of runners) {
      signal.throwIfAborted()
      reference = (await runner.enter(open, reference)) ?? reference
    }
    await takeTurns(runners, limits, signal)
  } finally {
    signal.removeEventListener('abort', end)
    end()
  }
}

/** The slowest decides how many rounds there are; the faster make more steps in a turn. */
async function takeTurns(runners: readonly Runner[], limits: Limits, signal: AbortSignal) {
  const { budgetMs, minRounds, maxRounds, maxBurst } = limits
  for (const runner of runners) if (runner.isReady) await runner.warmUp()
  const ready = runners.filter(({ isReady }) => isReady)
  const slowestMs = Math.max(...ready.map(({ estimateMs }) => estimateMs))
  const rounds = clamp(Math.floor(budgetMs / slowestMs), minRounds, maxRounds)
  for (let round = 0; round < rounds; round++) {
    for (const runner of ready) {
      signal.throwIfAborted()
      const burst = clamp(Math.round(budgetMs / rounds / runner.estimateMs), 1, maxBurst)
      if (runner.isReady) await runner.takeTurn(burst)
    }
  }
  for (const runner of ready) runner.finish()
}

function clamp(value: number, low: number, high: number): number {
  return Math.min(Math.max(value, low), high)
}
