import { chooseTile, type RatedTile, tiles } from '../kernels/contract/choose-tile.ts'
import type { ContractShape } from '../kernels/contract/shape.ts'
import type { Tile } from '../kernels/contract/tile.ts'
import { ratedBy, ratesOf, type TileRates } from './tile-rates.ts'

/** Rates that were measured in this program: a new device of the same adapter has them. */
const measured = new Map<string, TileRates>()

/** What a chooser is told of the adapter, and whom it tells. */
export interface TileSource {
  readonly adapter: string
  /** Rates from an earlier program. */
  readonly given: TileRates | undefined
  /** Measures the tiles, see `measureTiles`; undefined where they are not to be measured. */
  readonly measure: (() => Promise<readonly number[] | undefined>) | undefined
  /** Is told of rates that were measured. */
  readonly onRates: (rates: TileRates) => void
}

/** Chooses tiles by estimated rates until those of the device are known. */
export class TileChooser {
  readonly #source: TileSource
  #rated: readonly RatedTile[]
  #isSettled: boolean

  constructor(source: TileSource) {
    const { adapter, given, measure } = source
    const known = ratedBy(given, adapter) ?? ratedBy(measured.get(adapter), adapter)
    this.#source = source
    this.#rated = known ?? tiles
    this.#isSettled = known !== undefined || measure === undefined
  }

  readonly choose = (shape: ContractShape): Tile => chooseTile(shape, this.#rated)

  /**
   * Measures the rates unless they are known, once: what fails (a device that is lost or disposed
   * of, one without memory to spare) leaves the estimates.
   */
  async measure(): Promise<void> {
    if (this.#isSettled) return
    this.#isSettled = true
    const { adapter, measure, onRates } = this.#source
    const elapsedMs = await measure?.().catch(() => undefined)
    const rates = elapsedMs && ratesOf(adapter, elapsedMs)
    const rated = ratedBy(rates, adapter)
    if (rates === undefined || rated === undefined) return
    this.#rated = rated
    measured.set(adapter, rates)
    onRates(rates)
  }
}
