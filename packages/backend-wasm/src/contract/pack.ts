import type { IndexData, Program, Store } from '@tensorweft/core'
import { type Code, i32, type Local } from '../assembler/index.ts'
import { vectorCost } from '../kernels/loop-choice.ts'
import { emitNest } from '../loops/emit-nest.ts'
import { type Frame, withArray } from '../loops/frame.ts'
import { type Loop, lanesPerVector, type Nest } from '../loops/nest.ts'
import { mapProgram } from '../transform/map-indices.ts'
import { type AxisSum, substituteSums } from '../transform/split-axis.ts'
import type { BoxAxis, BoxGroup, BoxVariables } from './box.ts'
import type { ProductDType } from './multiply.ts'
import { type ContractionContext, joinStarts, panelDType } from './parts.ts'

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
  const packer = new Packer(frame, side, boxes, operand)
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

class Packer {
  readonly #frame: Frame
  readonly #side: Side
  readonly #boxes: SideBoxes
  readonly #operand: number

  constructor(frame: Frame, side: Side, boxes: SideBoxes, operand: number) {
    this.#frame = frame
    this.#side = side
    this.#boxes = boxes
    this.#operand = operand
  }

  emit(): void {
    const { rows, depth } = this.#side
    const byRows = rows.axes.at(-1)
    const byDepth = depth.axes.at(-1)
    const isSplittable = byRows !== undefined && this.#splits(byRows)
    const rowCost = isSplittable ? this.#cost(byRows, 1) : Number.POSITIVE_INFINITY
    const depthCost = byDepth === undefined ? 100 : this.#cost(byDepth, this.#side.tile)
    if (byRows !== undefined && rowCost <= depthCost) this.#packByRows(byRows)
    else this.#packByDepth()
  }

  /** Whether every panel lies within one line of the innermost axis of the rows. */
  #splits({ size }: BoxAxis): boolean {
    const { rows, tile } = this.#side
    return rows.axes.length === 1 || size % tile === 0
  }

  /** Cost of an element where lanes run along an axis and go to places `step` apart. */
  #cost({ axis, size }: BoxAxis, step: number): number {
    const index = { constant: 0, terms: [{ axis, coefficient: step }], digits: [] }
    const stage = { program: this.#side.program, stores: [this.#store(index)] }
    return (vectorCost(stage, axis) * Math.ceil(size / lanesPerVector)) / size
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

  /** Lanes are points of depth: each goes to a place of its own in the panel of its row. */
  #packByDepth(): void {
    const { rows, depth, tile, sizes } = this.#side
    const row: IndexData = {
      constant: 0,
      terms: rows.axes.map(({ axis, stride }) => ({ axis, coefficient: stride })),
      digits: [],
    }
    const index: IndexData = {
      constant: 0,
      terms: this.#depthTerms(),
      digits: [
        { of: row, divisor: tile, modulus: 0, coefficient: panelSize(this.#side) },
        { of: row, divisor: 1, modulus: tile, coefficient: 1 },
      ],
    }
    const depthLoops = depth.loops(this.#boxes.depth)
    const loops = [...rows.loops(this.#boxes.rows), ...depthLoops]
    const starts = joinStarts(...Object.values(this.#boxes))
    const vector = depthLoops.length > 0 ? loops.length - 1 : -1
    this.#emitNest({ loops, sizes, starts, vector, unroll: 1 }, index, [])
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
