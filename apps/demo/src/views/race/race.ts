import type { CheckedSteps, Entry, Lane } from './contestant.ts'
import { median } from './median.ts'
import { Patience } from './patience.ts'
import type { Problem } from './problem.ts'

/** What is known of a contestant so far. */
export interface Standing {
  readonly entry: Entry
  readonly state: 'waiting' | 'preparing' | 'ready' | 'running' | 'done' | 'out'
  /** Why it is out. */
  readonly reason?: string
  readonly threads?: number
  /** Of the last of the steps that everybody makes first. */
  readonly loss?: number
  /** The largest difference from the losses of who made these steps first, for all others. */
  readonly difference?: number
  /** Milliseconds of a step: the median over its turns so far. */
  readonly stepMs?: number
  /** How many steps were timed. */
  readonly steps?: number
}

export interface Limits {
  /** Steps whose losses are compared. */
  readonly checkSteps: number
  /** Largest relative difference of losses: sums of float32 in another order, some steps on. */
  readonly tolerance: number
  /** Who takes longer to answer is out. */
  readonly patienceMs: number
  /** Who needs longer for a step has shown enough by those that everybody makes first. */
  readonly slowMs: number
  readonly warmUpMs: number
  /** Timed running of each, unless its steps are so long that `minRounds` of them take more. */
  readonly budgetMs: number
  readonly minRounds: number
  readonly maxRounds: number
  /** Steps that are enqueued before they are awaited. */
  readonly maxBurst: number
}

export const raceLimits: Limits = {
  checkSteps: 3,
  tolerance: 1e-4,
  patienceMs: 20_000,
  slowMs: 1500,
  warmUpMs: 400,
  budgetMs: 1600,
  minRounds: 3,
  maxRounds: 8,
  maxBurst: 500,
}

export interface Race {
  readonly problem: Problem
  readonly entries: readonly Entry[]
  readonly open: (entry: Entry) => Lane
  /** Gets the standing of a contestant whenever it changes. */
  readonly onChange: (index: number, standing: Standing) => void
  /** Ends the race at once; what was measured until then has been told. */
  readonly signal: AbortSignal
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

/** A contestant on its way through the race. */
class Runner {
  estimateMs = Number.POSITIVE_INFINITY
  #standing: Standing
  #lane: Lane | undefined
  readonly #index: number
  readonly #race: Pick<Race, 'problem' | 'onChange' | 'signal'>
  readonly #limits: Limits
  readonly #turnsMs: number[] = []

  constructor(
    entry: Entry,
    index: number,
    race: Pick<Race, 'problem' | 'onChange' | 'signal'>,
    limits: Limits,
  ) {
    this.#standing = { entry, state: 'waiting' }
    this.#index = index
    this.#race = race
    this.#limits = limits
  }

  get isReady(): boolean {
    return this.#standing.state === 'ready'
  }

  /** Prepares and checks it; resolves with its losses, unless it is out. */
  async enter(
    open: (entry: Entry) => Lane,
    reference: readonly number[] | undefined,
  ): Promise<readonly number[] | undefined> {
    const { entry } = this.#standing
    this.#tell({ state: 'preparing' })
    const checked = await this.#unlessOut(async (lane) => {
      const started = await lane.contestant.start(entry.backend, this.#race.problem)
      if ('unable' in started) throw new Error(started.unable)
      this.#tell({ threads: started.threads })
      return lane.contestant.check(this.#limits.checkSteps)
    }, open(entry))
    if (checked === undefined) return undefined
    return this.#compare(checked, reference)
  }

  async warmUp(): Promise<void> {
    const { warmUpMs, maxBurst } = this.#limits
    this.#tell({ state: 'running' })
    let spentMs = 0
    for (let burst = 1; spentMs < warmUpMs; burst = Math.min(2 * burst, maxBurst)) {
      const elapsedMs = await this.#unlessOut((lane) => lane.contestant.run(burst))
      if (elapsedMs === undefined) return
      spentMs += elapsedMs
      this.estimateMs = Math.min(this.estimateMs, elapsedMs / burst)
    }
    this.#tell({ state: 'ready' })
  }

  async takeTurn(steps: number): Promise<void> {
    this.#tell({ state: 'running' })
    const elapsedMs = await this.#unlessOut((lane) => lane.contestant.run(steps))
    if (elapsedMs === undefined) return
    this.#turnsMs.push(elapsedMs / steps)
    const before = this.#standing.steps ?? 0
    this.#tell({ state: 'ready', stepMs: median(this.#turnsMs), steps: before + steps })
  }

  finish(): void {
    if (this.isReady) this.#tell({ state: 'done' })
  }

  end(): void {
    this.#lane?.end()
    this.#lane = undefined
  }

  #compare({ losses, stepsMs }: CheckedSteps, reference: readonly number[] | undefined) {
    const { tolerance } = this.#limits
    const difference = Math.max(
      ...losses.map((loss, i) => Math.abs(loss / (reference?.[i] ?? loss) - 1)),
    )
    this.#tell({
      loss: losses.at(-1) ?? Number.NaN,
      ...(reference !== undefined && { difference }),
    })
    // Not a number is no agreement either.
    if (!(difference <= tolerance)) {
      this.#leave(
        `Its losses are not those of the others: ${losses.join(', ')}` +
          (reference === undefined ? '' : ` in place of ${reference.join(', ')}`),
      )
      return undefined
    }
    this.estimateMs = Math.min(...stepsMs)
    if (this.estimateMs < this.#limits.slowMs) this.#tell({ state: 'ready' })
    else this.#tell({ state: 'done', stepMs: median(stepsMs), steps: stepsMs.length })
    return losses
  }

  /** Asks the contestant; where it fails or takes too long, it is out. */
  async #unlessOut<T>(ask: (lane: Lane) => Promise<T>, lane = this.#lane): Promise<T | undefined> {
    if (lane === undefined) return undefined
    this.#lane = lane
    const patience = new Patience(this.#limits.patienceMs, this.#race.signal)
    try {
      return await Promise.race([ask(lane), lane.failed, patience.ended])
    } catch (error) {
      this.#race.signal.throwIfAborted()
      this.#leave(error instanceof Error ? error.message : String(error))
      return undefined
    } finally {
      patience.stop()
    }
  }

  #leave(reason: string): void {
    this.#tell({ state: 'out', reason })
    this.end()
  }

  #tell(change: Partial<Standing>): void {
    this.#standing = { ...this.#standing, ...change }
    this.#race.onChange(this.#index, this.#standing)
  }
}

function clamp(value: number, low: number, high: number): number {
  return Math.min(Math.max(value, low), high)
}
