import {
  ArgumentError,
  compile,
  full,
  Parameter,
  type ParameterTree,
  pad,
  type Tensor,
  zeros,
} from '@tensorweft/core'
import { repeatedName } from '../repeated-name.ts'
import { checkScalar } from './metric.ts'

/**
 * Weighted means of several scalars over many steps, kept on the backend so that no step has to be
 * read: one vector holds the weighted sums and, last, the sum of the weights. `runningMeans` makes
 * one.
 */
export class RunningMeans<Name extends string> {
  readonly names: readonly Name[]
  readonly #totals: Parameter
  readonly #copy: () => Tensor
  readonly #fill: (value: number) => void

  /** @throws ArgumentError for a name that is given twice. */
  constructor(names: readonly Name[]) {
    const repeated = repeatedName(names)
    if (repeated !== undefined) {
      throw new ArgumentError('runningMeans', {
        got: `the name '${repeated}' twice`,
        wanted: 'names that differ',
      })
    }
    const totals = new Parameter(zeros([names.length + 1]), { trainable: false, name: 'totals' })
    this.names = [...names]
    this.#totals = totals
    // A copy, because a handle on the value itself would keep the next step from updating in place.
    this.#copy = compile(() => totals.value)
    // Without a look at the values so far, which may be those of a backend that was lost.
    this.#fill = compile((value: Tensor) => {
      totals.assign(value.add(zeros([names.length + 1])))
    })
  }

  /**
   * Counts one more value of each name. Inside a function under `compile` it becomes part of its
   * plan.
   *
   * @param values Scalars.
   * @param weight Of all of them, by default 1; the size of a batch for means of batches.
   * @throws ShapeError for values that are no scalars; then nothing has changed.
   */
  update(values: Readonly<Record<Name, Tensor>>, weight = 1): void {
    const places = this.names.length + 1
    const added = this.names.map((name, i) => {
      checkScalar('runningMeans', name, values[name])
      return atPlace(values[name].cast('float32').mul(weight), i, places)
    })
    const sum = added.reduce((total, vector) => total.add(vector), this.#totals.value)
    this.#totals.assign(sum.add(atPlace(full([], weight), places - 1, places)))
  }

  /** The means so far; NaN before the first value. Waits for the steps before. */
  async read(): Promise<Record<Name, number>> {
    const copy = this.#copy()
    const totals = await copy.data()
    copy.dispose()
    const weight = totals.at(-1) ?? 0
    const entries = this.names.map((name, i) => [name, (totals[i] ?? 0) / weight])
    return Object.fromEntries(entries)
  }

  /** Forgets all values, also those of a backend that was lost. */
  reset(): void {
    this.#fill(0)
  }

  /** The sums, for saving. */
  get state(): ParameterTree {
    return { totals: this.#totals }
  }
}

/** A vector that is `value` at one place and 0 elsewhere. */
function atPlace(value: Tensor, place: number, places: number): Tensor {
  return pad(value.reshape([1]), [[place, places - 1 - place]])
}

/**
 * Means over the steps of an epoch, say, without reading each step.
 *
 * @param names Of the scalars.
 * @throws ArgumentError for a name that is given twice.
 * @example
 * ```ts
 * const means = runningMeans('loss')
 * const step = compile((x: Tensor) => means.update({ loss: x.square().mean() }, x.size))
 * step(tensor([1, 2, 3]))
 * step(tensor([4]))
 * await means.read() // { loss: 7.5 }
 * ```
 */
export function runningMeans<Name extends string>(...names: readonly Name[]): RunningMeans<Name> {
  return new RunningMeans(names)
}
