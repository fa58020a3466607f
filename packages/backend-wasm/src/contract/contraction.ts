import { BackendError, type ContractKernel, indicesOfProgram } from '@tensorweft/core'
import { type Code, fillMemory, i32, type Local } from '../assembler/index.ts'
import { indexCode } from '../loops/index-code.ts'
import { mergeAxes } from '../transform/merge-axes.ts'
import type { BoxVariables } from './box.ts'
import { emitEpilogue, type OutputBoxes } from './epilogue.ts'
import type { InPlace } from './in-place.ts'
import { chooseLayout, type Layout, mapKernel } from './layout.ts'
import type { ProductDType } from './multiply.ts'
import { emitPack, panelSize, type Side } from './pack.ts'
import { type BlockedAxes, type ContractionContext, joinStarts } from './parts.ts'
import type { Tile } from './tile.ts'

/** Blocks of the output for each thread are joined into as many pieces, if there are more. */
const piecesPerThread = 16

/** Where scratch memory begins a word says for which block the right panels are packed. */
const headBytes = 64

/**
 * Emits the one template of all contractions into the function of its kernel, for one of its
 * pieces, and returns their number and the scratch memory in bytes that each needs. For
 * every block of the output, block after block of K is packed from both operands and multiplied
 * into the sums of the block; then the epilogue runs. How many `threads` there are decides on
 * blocks of the output only, never on those of K.
 */
export function emitContraction(
  context: ContractionContext,
  threads: number,
): { readonly pieces: number; readonly scratchBytes: number } {
  const dtype = dtypeOf(context.kernel)
  const layout = chooseLayout(mergeKernel(context.kernel), dtype, threads)
  const { kernel, axes } = layout
  const groups = [axes.batch, axes.m, axes.n]
  const boxes = groups.reduce((product, { blocking }) => product * blocking.boxes, 1)
  if (boxes === 0) return { pieces: 0, scratchBytes: 0 }
  const most = threads === 1 ? 1 : piecesPerThread * threads
  const perPiece = Math.ceil(boxes / most)
  const contraction = new Contraction({ ...context, kernel }, layout, dtype)
  contraction.emit(boxes, perPiece)
  return { pieces: Math.ceil(boxes / perPiece), scratchBytes: contraction.scratchBytes }
}

function dtypeOf({ label, left, right }: ContractKernel): ProductDType {
  const dtype = left.program.at(-1)?.dtype
  const other = right.program.at(-1)?.dtype
  if (dtype === other && (dtype === 'float32' || dtype === 'int32' || dtype === 'uint8')) {
    return dtype
  }
  throw new BackendError('wasm.compile', {
    got: `a contraction of ${dtype} and ${other} in '${label}'`,
    wanted: 'two operands of one dtype: float32, int32 or uint8',
  })
}

function mergeKernel(kernel: ContractKernel): ContractKernel {
  const programs = [kernel.left.program, kernel.right.program, kernel.epilogue]
  const indices = [
    ...programs.flatMap(indicesOfProgram),
    ...kernel.stores.map(({ index }) => index),
  ]
  const groups = [kernel.batch, kernel.m, kernel.n, kernel.k]
  const { sizes, groups: merged, rewrite } = mergeAxes(kernel.axes, groups, indices)
  const [batch = [], m = [], n = [], k = []] = merged
  return { ...mapKernel(kernel, rewrite), axes: sizes, batch, m, n, k }
}

type Pack = (batch: BoxVariables, rows: BoxVariables, depth: BoxVariables) => void

const roundUp = (value: number, step: number) => Math.ceil(value / step) * step

/** Places in scratch memory: packed panels of both operands, and the sums of a block. */
interface Areas {
  readonly left: Local<'i32'>
  readonly right: Local<'i32'>
  readonly sums: Local<'i32'>
}

class Contraction {
  readonly #context: ContractionContext
  readonly #axes: BlockedAxes
  readonly #dtype: ProductDType
  readonly #tile: Tile
  readonly #left: Side
  readonly #right: Side
  /** Elements from one row of sums to the next. */
  readonly #rowSize: number
  readonly #areas: Areas
  /** Whether right panels stay for all rows: those of one box of K behind those of another. */
  readonly #isRightKept: boolean
  readonly #rightStep: number
  readonly #packLeft: Pack
  readonly #packRight: Pack | undefined
  readonly #inPlace: InPlace | undefined
  /** Where an operand that is read in place begins. */
  readonly #source: Local<'i32'> | undefined
  readonly scratchBytes: number

  constructor(context: ContractionContext, layout: Layout, dtype: ProductDType) {
    const { f, scratch } = context
    const { axes, tile, left: leftSide, right: rightSide } = layout
    const { m, n, k } = axes
    this.#context = context
    this.#axes = axes
    this.#dtype = dtype
    this.#tile = tile
    this.#left = leftSide
    this.#right = rightSide
    const rows = roundUp(m.blocking.points, tile.rows)
    const rowPitch = roundUp(n.blocking.points, tile.columns)
    // Rows at distances of powers of two would fall on the same places of the cache.
    this.#rowSize = rowPitch % 128 === 0 ? rowPitch + 16 : rowPitch
    const leftBytes = roundUp(4 * rows * k.blocking.points, 256)
    this.#inPlace = layout.inPlace
    const rightBytes =
      this.#inPlace === undefined ? roundUp(4 * rowPitch * k.blocking.points, 256) : 0
    const { boxes } = k.blocking
    this.#isRightKept = layout.isRightKept
    this.#rightStep = layout.isRightKept && boxes > 1 ? rightBytes : 0
    const sumsBytes = roundUp(4 * rows * this.#rowSize, 256)
    const allRightBytes = Math.max(rightBytes, boxes * this.#rightStep)
    this.scratchBytes = headBytes + leftBytes + allRightBytes + sumsBytes
    const left = f.local('i32', i32.add(scratch, i32.const(headBytes)))
    const right = f.local('i32', i32.add(left, i32.const(leftBytes)))
    const sums = f.local('i32', i32.add(right, i32.const(allRightBytes)))
    this.#areas = { left, right, sums }
    this.#packLeft = this.#emitPack(this.#left, this.#areas.left)
    this.#source =
      layout.inPlace && context.frameOf(f, context.table).array(layout.inPlace.operand).base
    if (layout.inPlace === undefined) {
      this.#packRight = this.#emitPack(this.#right, this.#areas.right)
    }
  }

  /** Emits loops over the boxes of one piece; those of one column after the other. */
  emit(boxes: number, perPiece: number): void {
    const { f, piece } = this.#context
    const { batch, m, n, k } = this.#axes
    const finish = emitEpilogue(this.#context, this.#axes, this.#dtype, this.#rowSize)
    const isEmpty = k.blocking.boxes === 0
    if (isEmpty) this.#clearSums()
    const box = f.local('i32', i32.mul(piece, i32.const(perPiece)))
    const limit = f.local('i32', i32.add(box, i32.const(perPiece)))
    const end = f.local(
      'i32',
      i32.select(limit, i32.const(boxes), i32.ltU(limit, i32.const(boxes))),
    )
    f.repeat(() => {
      const column = f.local('i32', i32.divU(box, i32.const(m.blocking.boxes)))
      const row = f.local('i32', i32.remU(box, i32.const(m.blocking.boxes)))
      const ns = i32.const(n.blocking.boxes)
      const output = {
        batch: batch.locate(f, f.local('i32', i32.divU(column, ns))),
        m: m.locate(f, row),
        n: n.locate(f, f.local('i32', i32.remU(column, ns))),
      }
      if (!isEmpty) this.#emitSums(output, column)
      f.do(finish(this.#areas.sums, output))
      f.set(box, i32.add(box, i32.const(1)))
      return i32.ltU(box, end)
    })
  }

  #emitSums({ batch, m, n }: OutputBoxes, column: Local<'i32'>): void {
    const { f, scratch } = this.#context
    const packRight = this.#packRight
    if (this.#isRightKept && packRight !== undefined) {
      f.if(i32.ne(i32.load(scratch), column), () => {
        this.#walkDepth((k) => packRight(batch, n, k))
        f.do(i32.store(scratch, column))
      })
    }
    const isFurther = f.local('i32', i32.const(0))
    this.#walkDepth((k) => {
      if (!this.#isRightKept) packRight?.(batch, n, k)
      this.#packLeft(batch, m, k)
      f.do(this.#multiply({ batch, m, n }, k, isFurther))
      f.set(isFurther, i32.const(1))
    })
  }

  /** Emits loops over the boxes of K. Meanwhile the right area is where panels of the box are. */
  #walkDepth(body: (k: BoxVariables) => void): void {
    const { f } = this.#context
    const { right } = this.#areas
    const { k } = this.#axes
    const move = (bytes: number) => {
      if (bytes !== 0) f.set(right, i32.add(right, i32.const(bytes)))
    }
    k.walk(f, (box) => {
      body(box)
      move(this.#rightStep)
    })
    move(-this.#rightStep * k.blocking.boxes)
  }

  /** Products over no points: all sums are 0. */
  #clearSums(): void {
    const rows = roundUp(this.#axes.m.blocking.points, this.#tile.rows)
    const bytes = i32.const(4 * rows * this.#rowSize)
    this.#context.f.do(fillMemory(this.#areas.sums, i32.const(0), bytes))
  }

  /** Packs a box of a side; the rows that its last panel lacks are zeros. */
  #emitPack(side: Side, panels: Local<'i32'>): Pack {
    const { f } = this.#context
    const panelBytes = 4 * panelSize(side)
    const pack = emitPack(this.#context, side)
    return (batch, rows, depth) => {
      const points = side.rows.points(rows)
      if (side.rows.isRagged(side.tile)) {
        const last = i32.mul(i32.divU(points, i32.const(side.tile)), i32.const(panelBytes))
        f.if(i32.remU(points, i32.const(side.tile)), () => {
          f.do(fillMemory(i32.add(panels, last), i32.const(0), i32.const(panelBytes)))
        })
      }
      f.do(pack(panels, { batch, rows, depth }))
    }
  }

  #multiply({ batch, m, n }: OutputBoxes, k: BoxVariables, accumulates: Local<'i32'>) {
    const panels = (points: Code<'i32'>, tile: number) =>
      i32.divU(i32.add(points, i32.const(tile - 1)), i32.const(tile))
    const { columns } = this.#tile
    return this.#context.multiply.call(this.#dtype, this.#tile, {
      ...this.#areas,
      right: this.#rightAddress(joinStarts(batch, n, k)),
      depth: this.#axes.k.points(k),
      rowPanels: panels(this.#axes.m.points(m), this.#tile.rows),
      columnPanels: panels(this.#axes.n.points(n), columns),
      leftPanelBytes: 4 * panelSize(this.#left),
      rightPanelBytes: this.#inPlace === undefined ? 4 * panelSize(this.#right) : 4 * columns,
      rightStepBytes: this.#inPlace?.stepBytes ?? 4 * columns,
      sumsRowBytes: 4 * this.#rowSize,
      accumulates,
    })
  }

  /** Where the right operand of a product begins: packed, or the first point of some boxes. */
  #rightAddress(starts: ReadonlyMap<number, Code<'i32'>>): Code<'i32'> {
    if (this.#inPlace === undefined) return this.#areas.right
    const { sizes } = this.#axes
    return indexCode(this.#inPlace.index, sizes, (axis) => starts.get(axis), 4, this.#source)
  }
}
