import type { TrainingCallback, TrainingEvent } from '../training/callback.ts'
import { type CheckpointOptions, modelCheckpoint } from '../training/model-checkpoint.ts'
import { writeFileAtomic } from './write-file-atomic.ts'

/**
 * A callback that saves to a file after every epoch, whole or not at all. `loadTrainer` loads it, or
 * with `saveWeightsOnly` `load`.
 *
 * @param path Of the file, or what gives it, for a file per epoch.
 * @throws ArgumentError for options outside their range; `fit` throws it, before the first step, for
 * a `monitor` that its logs do not have, and a FileError where a file cannot be written.
 * @example
 * ```ts no-run
 * const callbacks = [
 *   fileCheckpoint('latest.safetensors', { everySteps: 1000 }),
 *   fileCheckpoint(({ epoch }) => `epoch-${epoch}.safetensors`, { saveWeightsOnly: true }),
 * ]
 * ```
 */
export function fileCheckpoint(
  path: string | ((event: TrainingEvent) => string),
  options: CheckpointOptions = {},
): TrainingCallback {
  return modelCheckpoint({
    ...options,
    write: (bytes, event) => writeFileAtomic(typeof path === 'string' ? path : path(event), bytes),
  })
}
