import { type ContractKernel, mapProgram, mapStores } from '@tensorweft/core'
import { substituteSums } from '../transform/split-axis.ts'
import { type Blocking, blockGroup } from './blocking.ts'
import { BoxGroup } from './box.ts'
import { epilogueCost } from './epilogue.ts'
import { type InPlace, rightInPlace } from './in-place.ts'
import type { ProductDType } from './multiply.ts'
import { packCost, type Side } from './pack.ts'
import type { BlockedAxes } from './parts.ts'
import type { RatedTile, Tile } from './tile.ts'
import { ratedTiles } from './tiles.ts'

/** A depth up to this is not cut: a panel of the right operand still fits the first-level cache. */
const wholeDepth = 640
const depthLimit = 384
/** Elements of the left panels and of the sums of a block, for the second-level cache. */
const leftElements = 65_536
const sumsElements = 131_072
const rightElements = 262_144
/** Right panels that stay are read from the third-level cache. */
const keptElements = 786_432

/** Elements of the sums of a block for the first-level cache, where the depth is below some. */
const shallowSums = 4096
const shallowDepth = 64

/** How a contraction is cut into blocks and tiles. */
export interface Layout {
  /** With indexes that name the axes of the blocks. */
  readonly kernel: ContractKernel
  readonly axes: BlockedAxes
  readonly tile: Tile
  readonly left: Side
  readonly right: Side
  /** Where the right operand is read as it is. */
  readonly inPlace: InPlace | undefined
  /** Whether right panels of all boxes of K stay in scratch memory, packed once for all rows. */
  readonly isRightKept: boolean
}

/**
 * The best layout: either operand may be the left one, whose rows a tile takes one by one. It
 * decides on blocks and tiles of the output only, never on the order in which products are summed.
 */
export function chooseLayout(kernel: ContractKernel, dtype: ProductDType, threads: number): Layout {
  const sides = [kernel, swapped(kernel)]
  const axes = [...kernel.batch, ...kernel.m, ...kernel.n, ...kernel.k]
  const products = axes.reduce((count, axis) => count * (kernel.axes[axis] ?? 1), 1)
  const tiles = ratedTiles(products)
  const candidates = sides.flatMap((side) =>
    tiles.map((tile) => {
      const layout = layoutOf(side, dtype, tile, 1)
      return { side, tile, time: timeOf(layout, tile) }
    }),
  )
  const [best] = candidates.sort((a, b) => a.time - b.time)
  const { side = kernel, tile = { rows: 4, columns: 8 } } = best ?? {}
  return layoutOf(side, dtype, tile, threads)
}

export function mapKernel(
  kernel: ContractKernel,
  map: Parameters<typeof mapProgram>[1],
): ContractKernel {
  return {
    ...kernel,
    left: { program: mapProgram(kernel.left.program, map) },
    right: { program: mapProgram(kernel.right.program, map) },
    epilogue: mapProgram(kernel.epilogue, map),
    stores: mapStores(kernel.stores, map),
  }
}

function swapped(kernel: ContractKernel): ContractKernel {
  return { ...kernel, left: kernel.right, right: kernel.left, m: kernel.n, n: kernel.m }
}

// Cycles of a core that starts two products of vectors in each.
const cyclesPerTile = 24
const cyclesPerPackStep = 0.35
const productsPerCycle = 8

/** About how many cycles a contraction takes. */
function timeOf(layout: Layout, tile: RatedTile): number {
  const { kernel, axes, left, right, inPlace } = layout
  const { m, n, k, batch } = axes
  const extent = (group: BoxGroup) => group.blocking.points * group.blocking.boxes
  const tiles = Math.ceil(extent(m) / tile.rows) * Math.ceil(extent(n) / tile.columns)
  const depth = extent(k)
  const products = (depth * tile.rows * tile.columns) / productsPerCycle / tile.rate
  const multiply = tiles * (products + k.blocking.boxes * cyclesPerTile)
  const rightTimes = layout.isRightKept ? 1 : m.blocking.boxes
  const rightPacked = inPlace === undefined ? packCost(right) * extent(n) * rightTimes : 0
  const packed = packCost(left) * extent(m) * n.blocking.boxes + rightPacked
  const rowSize = Math.ceil(n.blocking.points / tile.columns) * tile.columns
  const finish = epilogueCost(kernel, axes, rowSize) * extent(m) * extent(n)
  return extent(batch) * (multiply + cyclesPerPackStep * (packed * depth + finish))
}

/** Cuts the groups into boxes and makes indexes name the new axes. */
function layoutOf(
  kernel: ContractKernel,
  dtype: ProductDType,
  tile: Tile,
  threads: number,
): Layout {
  const sizes = [...kernel.axes]
  const { batch, m, n, k } = blockingsOf(kernel, tile, threads)
  const axes = {
    batch: new BoxGroup(sizes, batch),
    m: new BoxGroup(sizes, m),
    n: new BoxGroup(sizes, n),
    k: new BoxGroup(sizes, k),
    sizes,
  }
  const sums = [axes.m, axes.n, axes.k].flatMap((group) => group.sums)
  const cut = mapKernel(kernel, (index) => substituteSums(index, sums))
  const common = { dtype, sizes, batch: axes.batch, depth: axes.k }
  return {
    kernel: cut,
    axes,
    tile,
    left: { name: 'left', ...cut.left, ...common, rows: axes.m, tile: tile.rows },
    right: { name: 'right', ...cut.right, ...common, rows: axes.n, tile: tile.columns },
    isRightKept: k.boxes === 1 || (m.boxes > 1 && k.boxes * k.points * n.points <= keptElements),
    inPlace: rightInPlace({ ...cut, axes: kernel.axes }, axes, tile, dtype),
  }
}

function blockingsOf(kernel: ContractKernel, tile: Tile, threads: number) {
  const extent = (group: readonly number[]) =>
    group.reduce((points, axis) => points * (kernel.axes[axis] ?? 1), 1)
  const cut = (group: readonly number[], limit: number, tile: number): Blocking =>
    blockGroup(kernel.axes, group, limit, tile)
  const k = cut(kernel.k, extent(kernel.k) <= wholeDepth ? wholeDepth : depthLimit, 4)
  // Where tiles are soon done, the epilogue takes its time: it shall find the sums close by.
  const isShallow = k.points < shallowDepth
  const shallowRows = Math.max(shallowSums / Math.max(extent(kernel.n), 1), 48)
  const deepRows = Math.max(leftElements / Math.max(k.points, 1), 32)
  const rowLimit = Math.min(isShallow ? shallowRows : deepRows, 512)
  const blocks = (parts: number, columnParts: number): OutputBlocks => {
    const rows = parts === 1 ? rowLimit : Math.min(rowLimit, extent(kernel.m)) / parts
    const m = cut(kernel.m, Math.max(rows, tile.rows), tile.rows)
    const columnLimit = Math.min(
      sumsElements / Math.max(m.points, 1),
      rightElements / Math.max(k.points, 1),
      1024,
    )
    const columns =
      columnParts === 1 ? columnLimit : Math.min(columnLimit, extent(kernel.n)) / columnParts
    const n = cut(kernel.n, Math.max(columns, tile.columns), tile.columns)
    return { m, n }
  }
  const batch: Blocking = {
    outer: kernel.batch,
    chunk: undefined,
    inner: [],
    innerPoints: 1,
    points: 1,
    boxes: extent(kernel.batch),
  }
  return { batch, k, ...chooseBlocks(blocks, extent(kernel.batch), threads) }
}

interface OutputBlocks {
  readonly m: Blocking
  readonly n: Blocking
}

/** What it takes to pack an element, in products. */
const packProducts = 10

/** Cuts blocks of the output smaller where threads would otherwise wait for each other. */
function chooseBlocks(
  blocks: (parts: number, columnParts: number) => OutputBlocks,
  batches: number,
  threads: number,
): OutputBlocks {
  const counts = [1, 1.5, 2, 3, 4, 6, 8, 12, 16].filter((parts) => parts <= 2 * threads)
  const whole = blocks(1, 1)
  if (threads === 1) return whole
  const timeOf = ({ m, n }: OutputBlocks) =>
    Math.ceil((batches * m.boxes * n.boxes) / threads) *
    (m.points * n.points + packProducts * (m.points + n.points))
  return counts
    .flatMap((parts) => counts.map((columnParts) => blocks(parts, columnParts)))
    .reduce((best, other) => (timeOf(other) < timeOf(best) ? other : best), whole)
}
