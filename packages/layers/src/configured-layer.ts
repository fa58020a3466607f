import {
  type Key,
  Layer,
  type LayerConfig,
  type OptionTable,
  type SettledOptions,
  type Shape,
  settleOptions,
} from '@tensorweft/core'

/** A layer whose options are its config. It keeps the shape of its inputs unless it says else. */
export abstract class ConfiguredLayer<
  Options extends object,
  Checked extends keyof Options & string = never,
> extends Layer {
  protected readonly type: string
  /** As they were given, with defaults where the table has them. */
  protected readonly options: SettledOptions<Options, Checked>
  readonly #given: Options

  /** @throws ArgumentError for options that the table does not accept. */
  protected constructor(type: string, options: Options, table: OptionTable<Options, Checked>) {
    super()
    this.type = type
    this.options = settleOptions(type, options, table)
    this.#given = options
  }

  override build(inputShape: Shape, _key?: Key): Shape {
    return inputShape
  }

  override get config(): LayerConfig {
    return { type: this.type, ...this.#given }
  }
}
