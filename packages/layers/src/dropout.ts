import {
  type CallContext,
  formatShape,
  greaterEqual,
  LayerError,
  randomUniform,
  type Shape,
  ShapeError,
  type Tensor,
  where,
} from '@tensorweft/core'
import { shareBelow1 } from './check-options.ts'
import { ConfiguredLayer } from './configured-layer.ts'

export interface DropoutOptions {
  /** Share of the elements that become 0, from 0 up to below 1. */
  readonly rate: number
  /**
   * Shape of what is drawn, with the batch: axes of size 1 are dropped as a whole, `null` is the
   * size of the input. By default each element is drawn by itself.
   */
  readonly noiseShape?: readonly (number | null)[]
  /** By default `dropout` with a number. */
  readonly name?: string
}

/** Random zeros in training; `dropout` makes one. */
export class Dropout extends ConfiguredLayer<DropoutOptions, 'rate'> {
  constructor(options: DropoutOptions) {
    super('dropout', options, { rate: [shareBelow1] })
  }

  /**
   * @param x [batch, …]
   * @throws LayerError when it trains without a key.
   */
  override call(x: Tensor, { training = false, key }: CallContext = {}): Tensor {
    const { rate } = this.options
    if (!training || rate === 0) return x
    if (key === undefined) {
      throw new LayerError('dropout', {
        got: 'training without a key',
        hint: 'pass another one in each step: model.apply(x, { training: true, key })',
      })
    }
    const isKept = greaterEqual(randomUniform(key, this.#noiseShape(x)), rate)
    return where(isKept, x.mul(1 / (1 - rate)), 0)
  }

  #noiseShape(x: Tensor): Shape {
    const { noiseShape } = this.options
    const shape = noiseShape?.map((size, axis) => size ?? x.shape[axis] ?? 1) ?? x.shape
    if (shape.length === x.rank && shape.every((n, axis) => n === 1 || n === x.shape[axis])) {
      return shape
    }
    throw new ShapeError('dropout', {
      got: `x is ${formatShape(x.shape)} and noiseShape ${formatShape(shape)}`,
      wanted: 'null, 1 or the size of x for every axis',
    })
  }
}

/**
 * A layer that in training sets a random share of x [batch, …] to 0 and divides the rest by what is
 * kept, so that sums keep their mean; else it changes nothing. Srivastava et al.: "Dropout: a simple
 * way to prevent neural networks from overfitting", 2014.
 *
 * @throws ArgumentError for a rate out of range.
 * @example
 * ```ts
 * const layer = dropout({ rate: 0.5 })
 * await layer.apply(tensor([[1, 2, 3]])).array() // [[1, 2, 3]]
 * const dropped = layer.apply(tensor([[1, 2, 3]]), { training: true, key: key(1) }) // 0, 2, 4 or 6
 * ```
 */
export function dropout(options: DropoutOptions): Dropout {
  return new Dropout(options)
}
