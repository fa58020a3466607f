import { TensorweftError } from '@tensorweft/core'
import { SafetensorsError } from '../safetensors/index.ts'
import type { Trainer } from '../training/trainer.ts'
import { TrainingError } from '../training/training-error.ts'
import { readBytes } from './read-file.ts'

/**
 * Takes over a training from a file that `saveTrainer` or `fileCheckpoint` wrote. If it does not fit,
 * everything stays as it was.
 *
 * @throws FileError where the file cannot be read, SafetensorsError where it is damaged,
 * TrainingError where it is of another kind or does not fit; all name the file.
 * @example
 * ```ts no-run
 * const digits = trainer({
 *   model: sequential(dense({ units: 10 })),
 *   loss: sparseSoftmaxCrossEntropy,
 *   optimizer: adam(),
 * })
 * await loadTrainer(digits, 'digits.safetensors')
 * ```
 */
export async function loadTrainer(trainer: Pick<Trainer, 'load'>, path: string): Promise<void> {
  const bytes = await readBytes(path)
  try {
    trainer.load(bytes)
  } catch (error) {
    throw withPath(error, path)
  }
}

function withPath(error: unknown, path: string): unknown {
  if (error instanceof SafetensorsError) {
    return new SafetensorsError(`${path}: ${error.message}`, { cause: error })
  }
  if (!(error instanceof TensorweftError)) return error
  const { got, wanted, hint } = error
  return new TrainingError(`load ${path}`, {
    ...(got !== undefined && { got }),
    ...(wanted !== undefined && { wanted }),
    ...(hint !== undefined && { hint }),
    cause: error,
  })
}
