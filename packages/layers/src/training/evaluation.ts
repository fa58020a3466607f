import type { CompiledFunction, Tensor } from '@tensorweft/core'
import { RunningMeans } from '../metrics/running-means.ts'
import { type AbortSignalLike, throwIfAborted } from './abort.ts'
import type { StepInput } from './batch.ts'
import { type BatchSource, type EpochBatches, wholeEpoch } from './batch-source.ts'
import type { Objective } from './forward.ts'
import type { EvaluationLogs } from './logs.ts'
import { StepsInFlight } from './steps-in-flight.ts'
import { compileEvaluationStep } from './train-step.ts'
import { TrainingError } from './training-error.ts'

/** Measures a model over data, as often as asked. */
export class Evaluation<M extends string> {
  readonly #means: RunningMeans<'loss' | M>
  readonly #step: CompiledFunction<[StepInput], Tensor>

  constructor(objective: Objective<M>) {
    const names = Object.keys(objective.metrics) as M[]
    this.#means = new RunningMeans<'loss' | M>(['loss', ...names])
    this.#step = compileEvaluationStep(objective, this.#means)
  }

  /**
   * Loss and metrics over all of the data.
   *
   * @throws TrainingError if there is none, what the signal is aborted with.
   */
  async run(
    op: string,
    source: BatchSource,
    { epoch = 1, signal }: { readonly epoch?: number; readonly signal?: AbortSignalLike } = {},
  ): Promise<EvaluationLogs<M>> {
    this.#means.reset()
    const batches = await source.open({ ...wholeEpoch, epoch })
    try {
      await this.#measureAll(op, batches, signal)
    } finally {
      await batches.close()
    }
    return await this.#means.read()
  }

  async #measureAll(
    op: string,
    batches: EpochBatches,
    signal: AbortSignalLike | undefined,
  ): Promise<void> {
    const inFlight = new StepsInFlight()
    let count = 0
    for (;;) {
      throwIfAborted(signal)
      const batch = await batches.next()
      if (batch === undefined) break
      count++
      await inFlight.push(this.#step(batch.input), (loss) => {
        loss.dispose()
        batch.release()
      })
    }
    await inFlight.drain()
    if (count === 0) throw noBatches(op)
  }
}

export function noBatches(op: string): TrainingError {
  return new TrainingError(op, {
    got: 'no batches',
    wanted: 'at least one',
    hint:
      'a generator runs once: pass a function, (epoch) => batches, that makes a new one, ' +
      'or stepsPerEpoch for one that never ends',
  })
}
