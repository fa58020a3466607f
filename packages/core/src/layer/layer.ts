import type { DType } from '../dtype.ts'
import { TensorweftError } from '../errors.ts'
import type { Tensor } from '../graph/tensor.ts'
import { checkTensor } from '../ops/check-tensor.ts'
import type { Key } from '../random/key.ts'
import type { Parameter } from '../runtime/parameter.ts'
import type { Shape } from '../shape.ts'

/** What a layer is told when it is applied. */
export interface CallContext {
  /** Whether to behave as in training: dropout drops, statistics are updated. */
  readonly training?: boolean
  /** Randomness for layers that need it. */
  readonly key?: Key
}

/** Parameters by name, as deep as the model. */
export type ParameterTree = { readonly [name: string]: Parameter<DType> | ParameterTree }

/** Plain data from which a layer can be made again. */
export type LayerConfig = { readonly [name: string]: unknown }

/** A layer was used before it was built, or not as it was built. */
export class LayerError extends TensorweftError {
  override readonly name = 'LayerError'
}

/**
 * A function with parameters. Users call `apply`; subclasses write `build` and `call`.
 *
 * @example
 * ```ts
 * import { type CallContext, type Key, Layer, type Shape, type Tensor } from '@tensorweft/core'
 *
 * class Residual extends Layer {
 *   readonly inner: Layer
 *   constructor(inner: Layer) {
 *     super()
 *     this.inner = inner
 *   }
 *   override build(inputShape: Shape, key: Key): Shape {
 *     return this.inner.build(inputShape, key)
 *   }
 *   override call(x: Tensor, context: CallContext): Tensor {
 *     return x.add(this.inner.apply(x, context))
 *   }
 *   override get parameters() {
 *     return { inner: this.inner.parameters }
 *   }
 * }
 * ```
 */
export abstract class Layer {
  /**
   * Makes the parameters for inputs of this shape and returns the shape of the outputs; both
   * without the batch axis.
   */
  abstract build(inputShape: Shape, key: Key): Shape

  /** The outputs [batch, …] for inputs [batch, …]. */
  abstract call(x: Tensor, context: CallContext): Tensor

  /** What is trained, by name. Empty before `build`. */
  get parameters(): ParameterTree {
    return {}
  }

  /** What is carried along but not trained, by name. */
  get state(): ParameterTree {
    return {}
  }

  /** Parameters and state together. */
  get variables(): ParameterTree {
    return mergeTrees(this.parameters, this.state)
  }

  /** Options from which an equal, unbuilt layer can be made. */
  get config(): LayerConfig {
    return {}
  }

  /** Applies the layer to inputs [batch, …]. */
  apply(x: Tensor, context: CallContext = {}): Tensor {
    return this.call(checkTensor('apply', 'x', x), context)
  }
}

function mergeTrees(a: ParameterTree, b: ParameterTree): ParameterTree {
  const merged: { [name: string]: ParameterTree[string] } = { ...a }
  for (const [name, value] of Object.entries(b)) {
    const known = merged[name]
    merged[name] = isTree(known) && isTree(value) ? mergeTrees(known, value) : value
  }
  return merged
}

function isTree(value: ParameterTree[string] | undefined): value is ParameterTree {
  return value !== undefined && Object.getPrototypeOf(value) === Object.prototype
}
