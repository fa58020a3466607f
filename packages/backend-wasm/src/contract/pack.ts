import { type IndexData, mapProgram, type Program, type Store } from '@tensorweft/core'
import { type Code, i32, type Local } from '../assembler/index.ts'
import { vectorCost } from '../kernels/loop-choice.ts'
import { emitNest, emitTogether } from '../loops/emit-nest.ts'
import { type Frame, withArray } from '../loops/frame.ts'
import { type Loop, lanesPerVector, type Nest } from '../loops/nest.ts'
import { byNumber } from '../transform/row-number.ts'
import { type AxisSum, substituteSums } from '../transform/split-axis.ts'
import type { BoxAxis, BoxGroup, BoxVariables } from './box.ts'
import type { ProductDType } from './multiply.ts'
import { type ContractionContext, joinStarts, panelDType } from './parts.ts'
import { storeTransposed } from './transpose.ts'

/** One side of a contraction that is to be packed. */
export interface Side {
  readonly name: string
  readonly program: Program
  readonly dtype: ProductDType
  readonly sizes: readonly number[]
  readonly batch: BoxGroup
  readonly rows: BoxGroup
  readonly depth: BoxGroup
  /** Rows of a panel. */
  readonly tile: number
}

export interface SideBoxes {
  readonly batch: BoxVariables
  readonly rows: BoxVariables
  readonly depth: BoxVariables
}

/** Elements from one panel to the next. A panel holds `tile` values for each point of depth. */
export function panelSize({ tile, depth }: Side): number {
  return tile * depth.blocking.points
}

/**
 * Emits a function that copies a box of a side into panels, through its program and its index
 * maps. Rows that the last panel lacks are left as they are.
 */
export function emitPack(
  context: ContractionContext,
  side: Side,
): (panels: Code<'i32'>, boxes: SideBoxes) => Code<'none'> {
  const { module, kernel } = context
  const { batch, rows, depth } = side
  const f = module.define(`pack ${side.name} ${kernel.label}`)
  const [table, panels] = [f.parameter('i32'), f.parameter('i32')]
  const boxes = {
    batch: batch.parameters(f),
    rows: rows.parameters(f),
    depth: depth.parameters(f),
  }
  const operand = kernel.operands.length
  const place = { dtype: panelDType(side.dtype), base: panels }
  const frame = withArray(context.frameOf(f, table), operand, place)
  // Addresses are read before anything is done under a condition.
  for (const known of kernel.operands.keys()) frame.array(known)
  const packer = new Packer(frame, side, boxes, operand, panels)
  packer.emit()
  return (to, given) =>
    f.call(
      context.table,
      to,
      ...batch.arguments(given.batch),
      ...rows.arguments(given.rows),
      ...depth.arguments(given.depth),
    )
}

/** About what it takes to pack an element of a side, in instructions. */
export function packCost(side: Side): number {
  const { rowCost, depthCost } = costsOf(side)
  return Math.min(rowCost, depthCost)
}

/** What it takes to store a vector as it is, or as a part of a transposed block. */
const storeCost = 2
const transposedCost = 3
/** What it takes to find a row, for each of its axes. */
const rowSetup = 24

/** Costs of an element where lanes are rows of a panel, and where they are points of depth. */
function costsOf({ program, rows, depth, tile }: Side) {
  const cost = ({ axis, size }: BoxAxis, store: number) => {
    const vector = vectorCost({ program, stores: [] }, axis) + store
    return (vector * Math.ceil(size / lanesPerVector)) / size
  }
  const byRows = rows.axes.at(-1)
  const byDepth = depth.axes.at(-1)
  // Every panel must lie within one line of the innermost axis of the rows.
  const isSplittable = rows.axes.length === 1 || (byRows?.size ?? 1) % tile === 0
  const setup = (rowSetup * rows.axes.length) / Math.max(depth.blocking.points, 1)
  return {
    rowCost:
      byRows !== undefined && isSplittable ? cost(byRows, storeCost) : Number.POSITIVE_INFINITY,
    depthCost: setup + (byDepth === undefined ? 4 : cost(byDepth, transposedCost)),
  }
}

class Packer {
  readonly #frame: Frame
  readonly #side: Side
  readonly #boxes: SideBoxes
  readonly #operand: number
  readonly #panels: Local<'i32'>

  constructor(frame: Frame, side: Side, boxes: SideBoxes, operand: number, panels: Local<'i32'>) {
    this.#frame = frame
    this.#side = side
    this.#boxes = boxes
    this.#operand = operand
    this.#panels = panels
  }

  emit(): void {
    const byRows = this.#side.rows.axes.at(-1)
    const { rowCost, depthCost } = costsOf(this.#side)
    if (byRows !== undefined && rowCost <= depthCost) this.#packByRows(byRows)
    else this.#packByDepth()
  }

  /**
   * Lanes are rows of a panel: vectors are stored as they are loaded. The innermost axis of the
   * rows is split into panels and rows within a panel.
   */
  #packByRows(innermost: BoxAxis): void {
    const { rows, depth, tile } = this.#side
    const sizes = [...this.#side.sizes]
    const panelAxis = sizes.push(Math.ceil(innermost.size / tile)) - 1
    const laneAxis = sizes.push(tile) - 1
    sizes[innermost.axis] = 1
    const parts = [
      { axis: panelAxis, factor: tile },
      { axis: laneAxis, factor: 1 },
    ]
    const others = rows.axes.slice(0, -1)
    const index: IndexData = {
      constant: 0,
      terms: [
        ...others.map(({ axis, stride }) => ({
          axis,
          coefficient: (stride / tile) * panelSize(this.#side),
        })),
        { axis: panelAxis, coefficient: panelSize(this.#side) },
        { axis: laneAxis, coefficient: 1 },
        ...this.#depthTerms(),
      ],
      digits: [],
    }
    const otherLoops = rows.loops(this.#boxes.rows).slice(0, -1)
    const depthLoops = depth.loops(this.#boxes.depth)
    const emit = (before: readonly Loop[], lanes: number, panel?: Code<'i32'>) => {
      const loops = [...otherLoops, ...before, ...depthLoops, { axis: laneAxis, extent: lanes }]
      const starts = new Map(joinStarts(...Object.values(this.#boxes)))
      if (panel !== undefined) starts.set(panelAxis, panel)
      const unroll = Math.ceil(lanes / lanesPerVector)
      const sums = [{ axis: innermost.axis, parts }]
      this.#emitNest({ loops, sizes, starts, vector: loops.length - 1, unroll }, index, sums)
    }
    const whole = (extent: number | Local<'i32'>) => emit([{ axis: panelAxis, extent }], tile)
    this.#eachPanel(innermost, whole, (panel, lanes) => emit([], lanes, panel))
  }

  /** Whole panels, then the rows that are left if the rows are a single axis. */
  #eachPanel(
    { size }: BoxAxis,
    whole: (panels: number | Local<'i32'>) => void,
    rest: (panel: Code<'i32'>, lanes: number) => void,
  ): void {
    const { f } = this.#frame
    const { rows, tile } = this.#side
    const count = rows.axes.length === 1 ? this.#boxes.rows.count : size
    if (typeof count === 'number') {
      whole(Math.floor(count / tile))
      if (count % tile > 0) rest(i32.const(Math.floor(count / tile)), count % tile)
      return
    }
    // Chunks are multiples of the tile, so that only the last one leaves a rest.
    const panels = f.local('i32', i32.divU(count, i32.const(tile)))
    f.if(panels, () => whole(panels))
    const lanes = (rows.blocking.chunk?.size ?? 0) % tile
    if (lanes > 0) f.if(i32.remU(count, i32.const(tile)), () => rest(panels, lanes))
  }

  /**
   * Lanes are points of depth. Vectors of the rows of a panel are loaded next to each other, and
   * transposed four by four. Rows that the last panel lacks repeat the last one that there is.
   */
  #packByDepth(): void {
    const { f } = this.#frame
    const { rows, depth, tile, program } = this.#side
    const points = f.local('i32', rows.points(this.#boxes.rows))
    const sizes = [...this.#side.sizes]
    const numbers = Array.from({ length: tile }, () => sizes.push(rows.blocking.points) - 1)
    const programs = numbers.map((number) => {
      return mapProgram(program, (index) => byNumber(index, rows.axes, number))
    })
    const loops = depth.loops(this.#boxes.depth)
    const row = f.local('i32', i32.const(0))
    const panel = f.local('i32', this.#panels)
    f.repeat(() => {
      const starts = new Map(joinStarts(...Object.values(this.#boxes)))
      const last = f.local('i32', i32.sub(points, i32.const(1)))
      numbers.forEach((number, k) => {
        const own = f.local('i32', i32.add(row, i32.const(k)))
        starts.set(number, f.local('i32', i32.select(own, last, i32.ltU(own, last))))
      })
      const to = f.local('i32', panel)
      const nest = { loops, sizes, starts, vector: loops.length - 1, unroll: 2 }
      emitTogether(this.#frame, nest, programs, { stores: [] }, (enter, parts) => {
        for (let first = 0; first < tile; first += lanesPerVector) {
          const group = Array.from({ length: Math.min(lanesPerVector, tile - first) }, (_, k) => {
            return enter(first + k)
          })
          parts.forEach((part, k) => {
            const values = group.map((emitter) => emitter.value(program.length - 1, k))
            storeTransposed(f, values, part.lanes, (point) => {
              return { address: to, offset: 4 * (first + tile * (part.offset + point)) }
            })
          })
        }
        const count = parts.reduce((sum, { lanes }) => sum + lanes, 0)
        f.set(to, i32.add(to, i32.const(4 * tile * count)))
      })
      f.set(row, i32.add(row, i32.const(tile)))
      f.set(panel, i32.add(panel, i32.const(4 * panelSize(this.#side))))
      return i32.ltU(row, points)
    })
  }

  #depthTerms() {
    const { depth, tile } = this.#side
    return depth.axes.map(({ axis, stride }) => ({ axis, coefficient: stride * tile }))
  }

  #emitNest(nest: Nest, index: IndexData, sums: readonly AxisSum[]): void {
    const program = mapProgram(this.#side.program, (old) => substituteSums(old, sums))
    emitNest(this.#frame, nest, program, [this.#store(index)])
  }

  #store(index: IndexData): Store {
    return { value: this.#side.program.length - 1, operand: this.#operand, index }
  }
}
