import { float16Bits } from '@tensorweft/core'
import { encodeSafetensors, type SafetensorsTensor } from '@tensorweft/layers'

/** Weights in the safetensors format, in half of their bytes: float16 has 11 significant bits. */
export function encodeHalf(tensors: ReadonlyMap<string, SafetensorsTensor>): Uint8Array {
  return encodeSafetensors(new Map([...tensors].map(([name, each]) => [name, toHalf(each)])))
}

function toHalf(tensor: SafetensorsTensor): SafetensorsTensor {
  if (tensor.dtype !== 'float32') return tensor
  const { shape, data } = tensor
  return { dtype: 'float16', shape, data: Uint16Array.from(data, float16Bits) }
}
