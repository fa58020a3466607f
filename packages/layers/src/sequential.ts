import {
  type CallContext,
  checkOption,
  type Key,
  Layer,
  type LayerConfig,
  LayerError,
  type ParameterTree,
  type Shape,
  splitKey,
  type Tensor,
} from '@tensorweft/core'
import { aLayer } from './check-options.ts'
import { layerNames } from './layer-names.ts'
import { formatSummary } from './summary.ts'
import { noteBuild } from './take-back.ts'

/** Layers one after the other; `sequential` makes one. */
export class Sequential extends Layer {
  readonly layers: readonly Layer[]
  /** Of the layers, in their order; unique. */
  readonly names: readonly string[]
  /** Of each layer; undefined before `build`. */
  #outputShapes: readonly Shape[] | undefined

  /** @throws ArgumentError for what is no layer, and for two layers of one given name. */
  constructor(layers: readonly Layer[]) {
    super()
    layers.forEach((layer, i) => {
      checkOption('sequential', `layers[${i}]`, layer, aLayer)
    })
    this.names = layerNames('sequential', layers)
    this.layers = layers
  }

  /**
   * Builds the layers for inputs of this shape, each with a key of its own, and returns the shape
   * of the outputs; both without the batch axis.
   *
   * @throws What a layer throws for the shape that it is given.
   */
  override build(inputShape: Shape, key: Key): Shape {
    const keys = splitKey(key, this.layers.length)
    const shapes: Shape[] = []
    this.layers.forEach((layer, i) => {
      shapes.push(layer.build(shapes.at(-1) ?? inputShape, keys[i] ?? key))
    })
    const before = this.#outputShapes
    noteBuild(() => {
      this.#outputShapes = before
    })
    this.#outputShapes = shapes
    return shapes.at(-1) ?? inputShape
  }

  /** @param x [batch, …] */
  override call(x: Tensor, context: CallContext = {}): Tensor {
    const { key } = context
    const keys = key === undefined ? [] : splitKey(key, this.layers.length)
    return this.layers.reduce((y, layer, i) => {
      const own = keys[i]
      return layer.apply(y, own === undefined ? context : { ...context, key: own })
    }, x)
  }

  override get parameters(): ParameterTree {
    return this.#collect((layer) => layer.parameters)
  }

  override get state(): ParameterTree {
    return this.#collect((layer) => layer.state)
  }

  override get config(): LayerConfig {
    return { type: 'sequential', layers: this.layers.map((layer) => layer.config) }
  }

  /**
   * A table of the layers with their output shapes and numbers of weights.
   *
   * @throws LayerError before `build`.
   */
  summary(): string {
    const outputShapes = this.#outputShapes
    if (outputShapes === undefined) {
      throw new LayerError('summary', {
        got: 'a model that was not built',
        hint: 'call build(inputShape, key) of the model first',
      })
    }
    const rows = this.layers.map((layer, i) => ({
      name: this.names[i] ?? '',
      type: String(layer.config.type ?? 'layer'),
      outputShape: outputShapes[i] ?? [],
      variables: layer.variables,
    }))
    return formatSummary(rows, this.variables)
  }

  /** A tree of the layers that have something, by their names. */
  #collect(part: (layer: Layer) => ParameterTree): ParameterTree {
    const entries = this.layers.map((layer, i) => [this.names[i] ?? '', part(layer)] as const)
    return Object.fromEntries(entries.filter(([, tree]) => Object.keys(tree).length > 0))
  }
}

/**
 * A model of layers that are applied one after the other. Its parameters are a tree by the names
 * of the layers: `dense.kernel`, `dense_1.kernel`.
 *
 * @throws ArgumentError for what is no layer, and for two layers of one given name.
 * @example
 * ```ts
 * const model = sequential(dense({ units: 256, activation: 'relu' }), dense({ units: 10 }))
 * model.build([784], key(1))
 * const logits = model.apply(zeros([32, 784])) // [32, 10]
 * console.log(model.summary())
 * ```
 */
export function sequential(...layers: readonly Layer[]): Sequential {
  return new Sequential(layers)
}
