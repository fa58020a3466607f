import type { Layer } from '@tensorweft/core'
import { encodeSafetensors } from '../safetensors/index.ts'
import { readParameters } from './copy-parameters.ts'
import { WeightsError } from './weights-error.ts'

/** What holds weights: a layer, a model, or any object with a tree of them. */
export type WithVariables = Pick<Layer, 'variables'>

/**
 * The weights of a model, parameters and state, as the bytes of a safetensors file. Their names are
 * their places in the tree: `dense.kernel`; one that has several is written once, at the first. The
 * weights are those at the time of the call.
 *
 * @throws WeightsError if the model was not built, or for two weights of one name.
 * @example
 * ```ts
 * const model = sequential(dense({ units: 10 }))
 * model.build([4], key(1))
 * const { tensors } = decodeSafetensors(await exportWeights(model))
 * const names = [...tensors.keys()] // dense.kernel, dense.bias
 * ```
 */
export async function exportWeights({ variables }: WithVariables): Promise<Uint8Array> {
  const tensors = await readParameters(variables)
  if (tensors.size === 0) {
    throw new WeightsError('exportWeights', {
      got: 'a model without weights',
      hint: 'call build(inputShape, key) of the model first',
    })
  }
  return encodeSafetensors(tensors, { format: 'tensorweft' })
}
