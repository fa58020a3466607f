import type { Trainer } from '../training/trainer.ts'
import { writeFileAtomic } from './write-file-atomic.ts'

/**
 * Saves a whole training, as `trainer.save` gives it, in a safetensors file: whole or not at all.
 *
 * @throws FileError where it cannot be written, TrainingError if the model was not built.
 * @example
 * ```ts no-run
 * const model = sequential(dense({ units: 10 }))
 * model.build([784], key(1))
 * const digits = trainer({ model, loss: sparseSoftmaxCrossEntropy, optimizer: adam() })
 * await saveTrainer(digits, 'digits.safetensors')
 * ```
 */
export async function saveTrainer(trainer: Pick<Trainer, 'save'>, path: string): Promise<void> {
  await writeFileAtomic(path, await trainer.save())
}
