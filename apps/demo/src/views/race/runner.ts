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

/** What a contestant has to know of the race. */
export interface Track {
  readonly problem: Problem
  /** Gets the standing of a contestant whenever it changes. */
  readonly onChange: (index: number, standing: Standing) => void
  /** Ends the race at once; what was measured until then has been told. */
  readonly signal: AbortSignal
}

/** A contestant on its way through the race. */
export class Runner {
  estimateMs = Number.POSITIVE_INFINITY
  #standing: Standing
  #lane: Lane | undefined
  readonly #index: number
  readonly #race: Track
  readonly #limits: Limits
  readonly #turnsMs: number[] = []

  constructor(entry: Entry, index: number, race: Track, limits: Limits) {
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
