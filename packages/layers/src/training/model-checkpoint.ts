import { settleOptions } from '@tensorweft/core'
import { ofType, optional, positiveInteger } from '../check-options.ts'
import { exportWeights } from '../weights/export-weights.ts'
import type { TrainingCallback, TrainingEvent } from './callback.ts'
import { type MonitorOptions, monitorOf } from './monitor.ts'

export interface CheckpointOptions extends MonitorOptions {
  /** Whether only epochs count that are the best so far by `monitor`; by default all do. */
  readonly saveBestOnly?: boolean
  /** Whether to save the weights of the model alone; by default all that training needs to go on. */
  readonly saveWeightsOnly?: boolean
  /** Also save in the middle of epochs, after every so many steps. */
  readonly everySteps?: number
}

export interface ModelCheckpointOptions extends CheckpointOptions {
  /** Takes the bytes; training waits for it. */
  readonly write: (bytes: Uint8Array, event: TrainingEvent) => void | Promise<void>
}

/**
 * A callback that saves after every epoch. The bytes are those of `trainer.save`, for `trainer.load`,
 * or with `saveWeightsOnly` those of `exportWeights`, for `importWeights`. In Node, `fileCheckpoint`
 * of `@tensorweft/layers/node` writes files.
 *
 * @throws ArgumentError for options outside their range; `fit` throws it, before the first step, for
 * a `monitor` that its logs do not have.
 * @example
 * ```ts
 * let latest: Uint8Array | undefined
 * const callbacks = [modelCheckpoint({ write: (bytes) => { latest = bytes } })]
 * ```
 */
export function modelCheckpoint(options: ModelCheckpointOptions): TrainingCallback {
  settleOptions('modelCheckpoint', options, {
    write: [ofType('function')],
    everySteps: [optional(positiveInteger)],
  })
  const { write, saveBestOnly, saveWeightsOnly, everySteps } = options
  const monitor = saveBestOnly ? monitorOf('modelCheckpoint', options) : undefined
  const save = async (event: TrainingEvent) => {
    await write(await (saveWeightsOnly ? exportWeights(event.model) : event.save()), event)
  }
  return {
    onTrainBegin(event) {
      monitor?.begin(event)
    },
    async onBatchEnd(event) {
      if (everySteps !== undefined && event.step % everySteps === 0) await save(event)
    },
    async onEpochEnd(event) {
      if (monitor === undefined || monitor.improves(event)) await save(event)
    },
  }
}
