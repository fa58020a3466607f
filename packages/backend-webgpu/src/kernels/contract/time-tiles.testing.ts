import { PlanBuilder } from '../../testing/plan-builder.testing.ts'
import { Random } from '../../testing/random.testing.ts'
import { tiles } from './choose-tile.ts'
import { addProduct, layoutsOf, type ProductShape } from './products.testing.ts'
import { runTiles } from './run-tiles.testing.ts'
import type { Tile } from './tile.ts'

const rounds = 5
const products = 20

/** A tile with how fast a device multiplies with it. */
interface TimedTile extends Tile {
  readonly elapsedMs: number
  /** 10¹² floating-point operations per second. */
  readonly rate: number
}

/**
 * Times a product of row-major float32 matrices with each tile: what the rates in choose-tile.ts are
 * to be taken from, on a shape that fills the device.
 */
export async function timeTiles(
  device: GPUDevice,
  shape: ProductShape,
  candidates: readonly Tile[] = tiles,
): Promise<TimedTile[]> {
  const builder = new PlanBuilder()
  const layout = layoutsOf(shape)[1]
  if (layout !== undefined) addProduct(builder, new Random(1), 'float32', shape, layout)
  const product = { plan: builder.plan(), inputs: builder.inputs, scalars: builder.scalars }
  const operations = shape.reduce((a, b) => a * b, 2)
  const timed: TimedTile[] = []
  for (const tile of candidates) {
    const submits = Array.from({ length: rounds }, () => [1, 1 + products]).flat()
    const { elapsedMs: all } = await runTiles(device, product, tile, [1, ...submits])
    const [, ...measured] = all
    const least = (parity: number) =>
      Math.min(...measured.filter((_, submit) => submit % 2 === parity))
    // What several more take: submitting does not count.
    const elapsedMs = (least(1) - least(0)) / products
    timed.push({ ...tile, elapsedMs, rate: operations / elapsedMs / 1e9 })
  }
  return timed
}
