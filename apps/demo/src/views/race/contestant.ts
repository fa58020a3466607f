import type { Problem } from './problem.ts'

export const backendNames = ['cpu', 'wasm', 'webgpu'] as const
export type BackendName = (typeof backendNames)[number]
export type FrameworkName = 'tensorweft' | 'tfjs'

/** Who takes part: a framework on one of its backends. */
export interface Entry {
  readonly framework: FrameworkName
  readonly backend: BackendName
}

/** What a worker says when it is ready to race, or why it cannot. */
export type Started = { readonly threads: number } | { readonly unable: string }

/** The losses of some steps, each read before the next one. */
export interface CheckedSteps {
  readonly losses: readonly number[]
  /** What each took but the first, which also compiles. */
  readonly stepsMs: readonly number[]
}

/** One framework on one backend, in a worker of its own. */
export interface Contestant {
  /** Puts the weights and the batch on the backend. */
  start(backend: BackendName, problem: Problem): Promise<Started>
  /** Makes `count` ≥ 2 steps. */
  check(count: number): Promise<CheckedSteps>
  /** Makes `count` steps, waits for them together and returns the milliseconds of them all. */
  run(count: number): Promise<number>
}

/** A contestant within reach. */
export interface Lane {
  readonly contestant: Contestant
  /** Rejects when the contestant breaks down, whether or not it was asked something. */
  readonly failed: Promise<never>
  /** Ends it at once, in the middle of a step if need be. */
  end(): void
}

/** A network with its optimiser on a backend. */
export interface Training {
  /** How many threads compute it. */
  readonly threads: number
  /** Enqueues a step. */
  step(): void
  /** The loss of the latest step. */
  readLoss(): Promise<number>
  /** Resolves when every step has been computed, its update too. */
  finish(): Promise<void>
}
