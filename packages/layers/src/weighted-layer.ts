import {
  formatShape,
  type Key,
  LayerError,
  type OptionTable,
  Parameter,
  type ParameterTree,
  type Shape,
  splitKey,
} from '@tensorweft/core'
import { ConfiguredLayer } from './configured-layer.ts'
import type { Initializer } from './initializers/initializer.ts'
import { type InitializerName, initializerOf } from './initializers/named.ts'
import { noteBuild } from './take-back.ts'

type Weights<Name extends string, Optional extends string> = {
  readonly [N in Name]: Parameter
} & { readonly [N in Optional]?: Parameter }

/** A layer with weights, which its first `build` makes and later ones keep. */
export abstract class WeightedLayer<
  Options extends {
    readonly [N in `${Name | Optional}Initializer`]?: Initializer | InitializerName
  },
  Checked extends keyof Options & string,
  Name extends string,
  Optional extends string,
> extends ConfiguredLayer<Options, Checked> {
  readonly #initializers: readonly (readonly [Name | Optional, Initializer])[]
  #weights: Weights<Name, Optional> | undefined
  #shapes = ''

  /**
   * @param initializers Of the weights, where the options name none: `kernelInitializer` of `kernel`.
   * @throws ArgumentError for options that the table does not accept, or unknown initialisers.
   */
  protected constructor(
    type: string,
    options: Options,
    table: OptionTable<Options, Checked>,
    initializers: Readonly<Record<Name | Optional, InitializerName>>,
  ) {
    super(type, options, table)
    const names = Object.keys(initializers) as (Name | Optional)[]
    this.#initializers = names.map((name) => {
      const option = `${name}Initializer` as const
      const { [option]: chosen = initializers[name] } = options
      return [name, initializerOf(type, option, chosen)]
    })
  }

  /** Whether a weight is trained rather than carried along. */
  protected isTrained(_name: Name | Optional): boolean {
    return true
  }

  /**
   * Makes weights of these shapes, each with a key of its own.
   *
   * @param isUsed Whether there is one of those that an option may leave out; by default there is.
   * @throws LayerError where weights of other shapes were made before.
   */
  protected makeWeights(
    inputShape: Shape,
    key: Key,
    shapes: Readonly<Record<Name | Optional, Shape>>,
    isUsed: { readonly [N in Optional]?: boolean | undefined },
  ): void {
    const described = Object.values<Shape>(shapes).map(formatShape).join(', ')
    if (this.#weights === undefined) {
      const keys = splitKey(key, this.#initializers.length)
      const unused = Object.entries(isUsed).flatMap(([name, is]) => (is === false ? name : []))
      const made = this.#initializers.flatMap(([name, initializer], i) => {
        if (unused.includes(name)) return []
        const value = initializer(shapes[name], keys[i] ?? key)
        return [[name, new Parameter(value, { name, trainable: this.isTrained(name) })]]
      })
      this.#weights = Object.fromEntries(made) as Weights<Name, Optional>
      this.#shapes = described
      noteBuild(() => {
        this.#weights = undefined
      })
    } else if (this.#shapes !== described) {
      throw new LayerError(this.type, {
        got: `build for inputs ${formatShape(inputShape)} after weights ${this.#shapes} were made`,
        wanted: 'inputs for the same weights',
        hint: 'make another layer',
      })
    }
  }

  /** @throws LayerError before `build`. */
  protected get weights(): Weights<Name, Optional> {
    if (this.#weights !== undefined) return this.#weights
    throw new LayerError(this.type, {
      got: 'inputs before it was built',
      hint: 'call build(inputShape, key) of the model first',
    })
  }

  override get parameters(): ParameterTree {
    return this.#pick(true)
  }

  override get state(): ParameterTree {
    return this.#pick(false)
  }

  #pick(isTrained: boolean): ParameterTree {
    const weights = Object.entries(this.#weights ?? {}) as [Name | Optional, Parameter][]
    return Object.fromEntries(weights.filter(([name]) => this.isTrained(name) === isTrained))
  }
}
