import type { WithVariables } from '../weights/export-weights.ts'
import { assignWeights } from '../weights/import-weights.ts'
import { readSafetensorsFile } from './safetensors-file.ts'

/**
 * Gives a built model the weights of a safetensors file, as `save` writes it. If they do not fit,
 * the model stays as it was.
 *
 * @throws FileError where the file cannot be read, SafetensorsError where it is damaged,
 * WeightsError where names, shapes or dtypes differ; all name the file.
 * @example
 * ```ts no-run
 * const model = sequential(dense({ units: 10 }))
 * model.build([784], key(1))
 * await load(model, 'mnist.safetensors')
 * ```
 */
export async function load(model: WithVariables, path: string): Promise<void> {
  const { tensors } = await readSafetensorsFile(path)
  assignWeights(`load ${path}`, model, tensors)
}
