import type { Layer } from 'tensorweft'
import { importWeights } from 'tensorweft/layers'
import { loadFile } from '../data/load-file.ts'

/**
 * Gives a built model the weights in a safetensors file of the page.
 *
 * @throws Error where the file cannot be loaded, SafetensorsError and WeightsError as `importWeights`.
 */
export async function loadWeights(model: Layer, url: string): Promise<void> {
  importWeights(model, await loadFile(url, 'The weights'))
}
