import { PlanBuilder, Random } from '@tensorweft/testkit/plans'
import { tiles } from '../kernels/contract/choose-tile.ts'
import { addProduct, layoutsOf } from '../kernels/contract/products.testing.ts'
import type { ContractShape } from '../kernels/contract/shape.ts'
import { invocationsOf } from '../kernels/contract/tile.ts'
import { nameOf } from './tile-rates.ts'

/** Large enough to be worth a measurement. */
export const shape: ContractShape = { batch: 1, m: 320, n: 256, k: 256 }

/** A plan of a product of that shape, with its data. */
export function productOf() {
  const { batch, m, n, k } = shape
  const builder = new PlanBuilder()
  const [layout] = layoutsOf([batch, m, n, k])
  if (layout !== undefined) {
    addProduct(builder, new Random(1), 'float32', [batch, m, n, k], layout)
  }
  return builder.build()
}

/** The name of the tile of the only contraction of a text. */
export function tileIn(text = ''): string | undefined {
  const numberIn = (pattern: RegExp) => Number(pattern.exec(text)?.[1])
  const left = numberIn(/left_tile: array<array<vec4<f32>, (\d+)>, 4>/)
  const right = numberIn(/right_tile: array<array<vec4<f32>, (\d+)>, 4>/)
  const invocations = numberIn(/workgroup_size\((\d+)\)/)
  const found = tiles.find(
    (tile) =>
      left === tile.rows * tile.buffers &&
      right === tile.columns * tile.buffers &&
      invocations === invocationsOf(tile),
  )
  return found && nameOf(found)
}

/** Rates by which one tile is far better than all others. */
export function ratesFor(best: string): Record<string, number> {
  const names = tiles.map(nameOf)
  return Object.fromEntries(names.map((name) => [name, name === best ? 1 : 0.001]))
}

/** A promise with what settles it. */
export function deferred<T>(): { promise: Promise<T>; resolve: (value: T) => void } {
  let resolve: (value: T) => void = () => {}
  const promise = new Promise<T>((settle) => {
    resolve = settle
  })
  return { promise, resolve }
}
