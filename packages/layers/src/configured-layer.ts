import { type Key, Layer, type LayerConfig, type Shape } from '@tensorweft/core'

/** A layer whose options are its config. It keeps the shape of its inputs unless it says else. */
export abstract class ConfiguredLayer<Options extends object> extends Layer {
  protected readonly type: string
  protected readonly options: Options

  protected constructor(type: string, options: Options) {
    super()
    this.type = type
    this.options = options
  }

  override build(inputShape: Shape, _key?: Key): Shape {
    return inputShape
  }

  override get config(): LayerConfig {
    return { type: this.type, ...this.options }
  }
}
