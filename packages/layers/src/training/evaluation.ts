import { RunningMeans } from '../metrics/running-means.ts'
import { type AbortSignalLike, throwIfAborted } from './abort.ts'
import type { StepInput } from './batch.ts'
import { type BatchSource, wholeEpoch } from './batch-source.ts'
import type { Objective } from './forward.ts'
import type { EvaluationLogs } from './logs.ts'
import { StepsInFlight } from './steps-in-flight.ts'
import { compileEvaluationStep } from './train-step.ts'
import { TrainingError } from './training-error.ts'

/** Measures a model, as often as asked. */
export interface Evaluation<M extends string> {
  /** Throws what measuring such a batch would; nothing runs. */
  tryOn(batch: StepInput): void
  /**
   * Loss and metrics over all of the data.
   *
   * @throws TrainingError if there is none, what the signal is aborted with.
   */
  over(
    op: string,
    source: BatchSource,
    options: { readonly epoch?: number; readonly signal?: AbortSignalLike | undefined },
  ): Promise<EvaluationLogs<M>>
}

export function evaluation<M extends string>(objective: Objective<M>): Evaluation<M> {
  const names = Object.keys(objective.metrics) as M[]
  const means = new RunningMeans<'loss' | M>(['loss', ...names])
  const step = compileEvaluationStep(objective, means)
  const over: Evaluation<M>['over'] = async (op, source, { epoch = 1, signal }) => {
    means.reset()
    const inFlight = new StepsInFlight()
    const batches = await source.open({ ...wholeEpoch, epoch })
    let count = 0
    try {
      for (;;) {
        throwIfAborted(signal)
        const batch = await batches.next()
        if (batch === undefined) break
        count++
        await inFlight.push(step(batch.input), batch.release)
      }
      await inFlight.drain()
    } finally {
      await batches.close()
    }
    if (count === 0) throw noBatches(op)
    return await means.read()
  }
  return { tryOn: (batch) => void step.traced(batch), over }
}

export function noBatches(op: string): TrainingError {
  return new TrainingError(op, {
    got: 'no batches',
    wanted: 'at least one',
    hint: 'a generator runs once: pass (epoch) => batches, or stepsPerEpoch if it never ends',
  })
}
