import { exportWeights, type WithVariables } from '../weights/export-weights.ts'
import { writeFileAtomic } from './write-file-atomic.ts'

/**
 * Saves the weights of a model in a safetensors file, whole or not at all.
 *
 * @throws FileError where it cannot be written, WeightsError if the model was not built.
 * @example
 * ```ts no-run
 * const model = sequential(dense({ units: 10 }))
 * model.build([784], key(1))
 * await save(model, 'mnist.safetensors')
 * ```
 */
export async function save(model: WithVariables, path: string): Promise<void> {
  await writeFileAtomic(path, await exportWeights(model))
}
