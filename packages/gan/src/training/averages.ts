import {
  type DType,
  isFloat,
  leavesOf,
  Parameter,
  type ParameterTree,
  type Tensor,
  zeros,
} from '@tensorweft/core'

/** A variable of the generator and its average. */
interface Averaged {
  readonly variable: Parameter<DType>
  readonly average: Parameter<DType>
}

/**
 * Exponential moving averages of what a layer has learned, its statistics included:
 * `average = d · average + (1 − d) · value`. After n updates d is n / (n + 9) or, from when on that is
 * more, the decay, so that the average begins with the values themselves and forgets its early ones.
 *
 * Yazıcı et al., "The unusual effectiveness of averaging in GAN training", 2019.
 */
export class Averages {
  readonly #decay: number
  readonly #averaged: ReadonlyMap<string, Averaged>

  constructor(variables: ParameterTree, decay: number) {
    this.#decay = decay
    this.#averaged = new Map(
      leavesOf(variables).flatMap(({ path, leaf }) => {
        if (!(leaf instanceof Parameter) || !isFloat(leaf.dtype)) return []
        const { shape, dtype } = leaf
        const options = { trainable: false, name: `average of ${path}` }
        return [[path, { variable: leaf, average: new Parameter(zeros(shape, dtype), options) }]]
      }),
    )
  }

  /** By the paths of what they are averages of. */
  get state(): ParameterTree {
    const entries = [...this.#averaged].map(([path, { average }]) => [path, average] as const)
    return Object.fromEntries(entries)
  }

  /**
   * Takes the values of now into the averages; for functions under `compile`.
   *
   * @param updates How many there were before, scalar.
   */
  update(updates: Tensor<'int32'>): void {
    const count = updates.cast('float32')
    const decay = count.div(count.add(9)).minimum(this.#decay)
    for (const { variable, average } of this.#averaged.values()) {
      const { value } = average
      const share = decay.neg().add(1).cast(value.dtype)
      average.assign(value.add(variable.value.sub(value).mul(share)))
    }
  }

  /**
   * What `apply` returns while the layer has its averages for values; for functions under `compile`,
   * where nothing is replaced before the call that this is part of, and everything is back after it.
   */
  within<T>(apply: () => T): T {
    const before = [...this.#averaged.values()].map(({ variable, average }) => {
      const { value } = variable
      variable.assign(average.value)
      return [variable, value] as const
    })
    const result = apply()
    for (const [variable, value] of before) variable.assign(value)
    return result
  }
}
