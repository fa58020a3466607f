import { TensorweftError } from '@tensorweft/core'

/** Weights that do not fit a model, or a model that has none. */
export class WeightsError extends TensorweftError {
  override readonly name = 'WeightsError'
}
