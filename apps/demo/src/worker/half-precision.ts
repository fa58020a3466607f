import { float16Value, type Layer } from 'tensorweft'
import {
  decodeSafetensors,
  encodeSafetensors,
  importWeights,
  type SafetensorsTensor,
} from 'tensorweft/layers'
import { loadFile } from '../data/load-file.ts'

/**
 * Gives a built model weights from a file that holds them in half precision.
 *
 * @param url Of a safetensors file with tensors of float16.
 * @throws Error where the file cannot be loaded, SafetensorsError and WeightsError as `importWeights`.
 */
export async function loadHalfPrecision(model: Layer, url: string): Promise<void> {
  importHalfPrecision(model, await loadFile(url, 'The weights'))
}

/** As `loadHalfPrecision`, with the bytes of the file. */
export function importHalfPrecision(model: Layer, bytes: Uint8Array): void {
  const { tensors } = decodeSafetensors(bytes)
  const widened = [...tensors].map(([name, tensor]) => [name, toSingle(tensor)] as const)
  importWeights(model, encodeSafetensors(new Map(widened)))
}

function toSingle(tensor: SafetensorsTensor): SafetensorsTensor {
  if (tensor.dtype !== 'float16') return tensor
  return {
    dtype: 'float32',
    shape: tensor.shape,
    data: Float32Array.from(tensor.data, float16Value),
  }
}
