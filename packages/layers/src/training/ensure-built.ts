import {
  compile,
  type DType,
  type Key,
  type Layer,
  LayerError,
  type Shape,
  type Tensor,
  TensorweftError,
  zeros,
} from '@tensorweft/core'

/** What a model is applied to, without the batch axis. */
export interface InputSpec {
  readonly shape: Shape
  readonly dtype: DType
}

/**
 * Builds a model for such inputs unless that has been done; for training loops of one's own.
 *
 * @throws What its layers throw for inputs that they do not take.
 * @example
 * ```ts
 * const model = sequential(dense({ units: 2 }))
 * ensureBuilt(model, { shape: [3], dtype: 'float32' }, key(1))
 * console.log(model.apply(zeros([4, 3])).shape) // [4, 2]
 * ```
 */
export function ensureBuilt(model: Layer, { shape, dtype }: InputSpec, key: Key): void {
  if (!isBuilt(model, { shape, dtype })) model.build(shape, key)
}

/** Layers refuse to be applied before they are built: tried on shapes alone, nothing runs. */
function isBuilt(model: Layer, { shape, dtype }: InputSpec): boolean {
  if (Object.keys(model.variables).length === 0) return false
  try {
    const apply = compile((x: Tensor) => model.apply(x, { training: false }))
    apply.traced(zeros([1, ...shape], dtype) as Tensor<DType> as Tensor)
    return true
  } catch (error) {
    // That inputs do not fit is for the step to say. A layer of a program may refuse in other words.
    return error instanceof TensorweftError && !(error instanceof LayerError)
  }
}
