import type { Layer } from '@tensorweft/core'
import type { Logs } from './logs.ts'

/** How training ended: all epochs done, by `stop()`, or by an error or an abort. */
export type TrainingEnd = 'complete' | 'stopped' | 'failed'

/** Where training is, and what a callback may do about it. */
export interface TrainingEvent {
  readonly model: Layer
  /** Number of the epoch, from 1. */
  readonly epoch: number
  /** Number of the last epoch that was asked for. */
  readonly epochs: number
  /** Steps done in the epoch. */
  readonly step: number
  /** Steps in an epoch, where that is known. */
  readonly steps: number | undefined
  /** Names that the logs of an epoch have. */
  readonly logNames: readonly string[]
  /** Means over the last complete epoch; empty before the first. */
  readonly logs: Logs
  /** In `onTrainEnd`. */
  readonly end: TrainingEnd | undefined
  /** Means over the epoch so far, which waits for the steps before: not for every step. */
  readLogs(): Promise<Logs>
  /** Ends the training after the current step. */
  stop(): void
  /** The whole training as it is now, as `trainer.save` gives it. */
  save(): Promise<Uint8Array>
}

/**
 * What is told how training goes. All of it is optional and may be asynchronous; training waits. An
 * error ends the training.
 *
 * @example
 * ```ts
 * const report: TrainingCallback = {
 *   onEpochEnd: ({ epoch, logs }) => console.log(`epoch ${epoch}: loss ${logs.loss}`),
 * }
 * ```
 */
export interface TrainingCallback {
  /** Before the first step; an error here is one before anything is changed. */
  onTrainBegin?(event: TrainingEvent): void | Promise<void>
  onEpochBegin?(event: TrainingEvent): void | Promise<void>
  /** After every step, once it is enqueued. */
  onBatchEnd?(event: TrainingEvent): void | Promise<void>
  /** After an epoch that is complete, with its validation. */
  onEpochEnd?(event: TrainingEvent): void | Promise<void>
  /** At the end, also after an error or an abort. */
  onTrainEnd?(event: TrainingEvent): void | Promise<void>
}
