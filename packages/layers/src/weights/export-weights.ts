import { type Layer, realize } from '@tensorweft/core'
import { encodeSafetensors, type SafetensorsTensor } from '../safetensors/index.ts'
import { namedParameters } from './named-parameters.ts'
import { WeightsError } from './weights-error.ts'

/** What holds weights: a layer, a model, or any object with a tree of them. */
export type WithVariables = Pick<Layer, 'variables'>

/**
 * The weights of a model, parameters and state, as the bytes of a safetensors file. Their names are
 * their places in the tree: `dense.kernel`. The weights are those at the time of the call.
 *
 * @throws WeightsError if the model was not built.
 * @example
 * ```ts
 * const model = sequential(dense({ units: 10 }))
 * model.build([4], key(1))
 * const { tensors } = decodeSafetensors(await exportWeights(model))
 * const names = [...tensors.keys()] // dense.kernel, dense.bias
 * ```
 */
export async function exportWeights({ variables }: WithVariables): Promise<Uint8Array> {
  const named = namedParameters(variables)
  if (named.length === 0) {
    throw new WeightsError('exportWeights', {
      got: 'a model without weights',
      hint: 'call build(inputShape, key) of the model first',
    })
  }
  const values = named.map(({ name, parameter }) => ({ name, value: parameter.value }))
  await realize(...values.map(({ value }) => value))
  const entries = values.map(async ({ name, value }) => {
    const { dtype, shape } = value
    return [name, { dtype, shape, data: await value.data() } as SafetensorsTensor] as const
  })
  return encodeSafetensors(new Map(await Promise.all(entries)), { format: 'tensorweft' })
}
