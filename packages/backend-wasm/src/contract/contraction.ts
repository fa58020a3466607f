import { BackendError, type ContractKernel } from '@tensorweft/core'
import { type Code, fillMemory, i32, type Local } from '../assembler/index.ts'
import { indicesOfProgram, mapProgram, mapStores } from '../transform/map-indices.ts'
import { mergeAxes } from '../transform/merge-axes.ts'
import { substituteSums } from '../transform/split-axis.ts'
import { type Blocking, blockGroup } from './blocking.ts'
import { BoxGroup, type BoxVariables } from './box.ts'
import { emitEpilogue } from './epilogue.ts'
import { type ProductDType, tileColumns, tileRows } from './multiply.ts'
import { emitPack, panelSize, type Side } from './pack.ts'
import type { BlockedAxes, ContractionContext } from './parts.ts'

/** A depth up to this is not cut: a panel of the right operand still fits the first-level cache. */
const wholeDepth = 640
const depthLimit = 384
/** Elements of the left panels and of the sums of a block, for the second-level cache. */
const leftElements = 65_536
const sumsElements = 131_072
const rightElements = 262_144

/**
 * Emits the one template of all contractions into the function of its kernel, and returns the
 * scratch memory in bytes that it needs. For every block of the output, block after block of K is
 * packed from both operands and multiplied into the sums of the block; then the epilogue runs.
 */
export function emitContraction(context: ContractionContext): number {
  const dtype = dtypeOf(context.kernel)
  const { kernel, axes } = block(mergeKernel(context.kernel))
  if ([axes.batch, axes.m, axes.n].some(({ blocking }) => blocking.boxes === 0)) return 0
  const contraction = new Contraction({ ...context, kernel }, axes, dtype)
  if (axes.k.blocking.boxes === 0) contraction.emitEmpty()
  else contraction.emit()
  return contraction.scratchBytes
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

function mapKernel(kernel: ContractKernel, map: Parameters<typeof mapProgram>[1]): ContractKernel {
  return {
    ...kernel,
    left: { program: mapProgram(kernel.left.program, map) },
    right: { program: mapProgram(kernel.right.program, map) },
    epilogue: mapProgram(kernel.epilogue, map),
    stores: mapStores(kernel.stores, map),
  }
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

/** Cuts the groups into boxes and makes indexes name the new axes. */
function block(kernel: ContractKernel): { kernel: ContractKernel; axes: BlockedAxes } {
  const sizes = [...kernel.axes]
  const extent = (group: readonly number[]) =>
    group.reduce((points, axis) => points * (kernel.axes[axis] ?? 1), 1)
  const cut = (group: readonly number[], limit: number, tile: number): Blocking =>
    blockGroup(kernel.axes, group, limit, tile)
  const k = cut(kernel.k, extent(kernel.k) <= wholeDepth ? wholeDepth : depthLimit, 4)
  const rowLimit = Math.min(Math.max(leftElements / Math.max(k.points, 1), 32), 512)
  const m = cut(kernel.m, rowLimit, tileRows)
  const columnLimit = Math.min(
    sumsElements / Math.max(m.points, 1),
    rightElements / Math.max(k.points, 1),
    1024,
  )
  const n = cut(kernel.n, Math.max(columnLimit, tileColumns), tileColumns)
  const batch: Blocking = {
    outer: kernel.batch,
    chunk: undefined,
    inner: [],
    innerPoints: 1,
    points: 1,
    boxes: extent(kernel.batch),
  }
  const axes = {
    batch: new BoxGroup(sizes, batch),
    m: new BoxGroup(sizes, m),
    n: new BoxGroup(sizes, n),
    k: new BoxGroup(sizes, k),
    sizes,
  }
  const sums = [axes.m, axes.n, axes.k].flatMap((group) => group.sums)
  return { kernel: mapKernel(kernel, (index) => substituteSums(index, sums)), axes }
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
  readonly #left: Side
  readonly #right: Side
  /** Elements from one row of sums to the next. */
  readonly #rowSize: number
  readonly #areas: Areas
  readonly #packLeft: Pack
  readonly #packRight: Pack
  readonly scratchBytes: number

  constructor(context: ContractionContext, axes: BlockedAxes, dtype: ProductDType) {
    const { kernel, f, scratch } = context
    const { batch, m, n, k, sizes } = axes
    this.#context = context
    this.#axes = axes
    this.#dtype = dtype
    const common = { dtype, sizes, batch, depth: k }
    this.#left = { name: 'left', ...kernel.left, ...common, rows: m, tile: tileRows }
    this.#right = { name: 'right', ...kernel.right, ...common, rows: n, tile: tileColumns }
    const rows = roundUp(m.blocking.points, tileRows)
    this.#rowSize = roundUp(n.blocking.points, tileColumns)
    const leftBytes = roundUp(4 * rows * k.blocking.points, 256)
    const rightBytes = roundUp(4 * this.#rowSize * k.blocking.points, 256)
    this.scratchBytes = leftBytes + rightBytes + roundUp(4 * rows * this.#rowSize, 256)
    const right = f.local('i32', i32.add(scratch, i32.const(leftBytes)))
    const sums = f.local('i32', i32.add(right, i32.const(rightBytes)))
    this.#areas = { left: scratch, right, sums }
    this.#packLeft = this.#emitPack(this.#left, this.#areas.left)
    this.#packRight = this.#emitPack(this.#right, this.#areas.right)
  }

  emit(): void {
    const { f } = this.#context
    const { batch: batches, m: rows, n: columns, k: depths } = this.#axes
    const finish = emitEpilogue(this.#context, this.#axes, this.#dtype, this.#rowSize)
    // What depends on one box of K alone is packed once for all rows.
    const isPackedOnce = depths.blocking.boxes === 1
    batches.walk(f, (batch) => {
      columns.walk(f, (n) => {
        if (isPackedOnce) depths.walk(f, (k) => this.#packRight(batch, n, k))
        rows.walk(f, (m) => {
          const isFurther = f.local('i32', i32.const(0))
          depths.walk(f, (k) => {
            if (!isPackedOnce) this.#packRight(batch, n, k)
            this.#packLeft(batch, m, k)
            f.do(this.#multiply(m, n, k, isFurther))
            f.set(isFurther, i32.const(1))
          })
          f.do(finish(this.#areas.sums, { batch, m, n }))
        })
      })
    })
  }

  /** Products over no points: all sums are 0. */
  emitEmpty(): void {
    const { f } = this.#context
    const { batch: batches, m: rows, n: columns } = this.#axes
    const finish = emitEpilogue(this.#context, this.#axes, this.#dtype, this.#rowSize)
    const { sums } = this.#areas
    const sumsBytes = 4 * roundUp(rows.blocking.points, tileRows) * this.#rowSize
    f.do(fillMemory(sums, i32.const(0), i32.const(sumsBytes)))
    batches.walk(f, (batch) => {
      columns.walk(f, (n) => rows.walk(f, (m) => f.do(finish(sums, { batch, m, n }))))
    })
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

  #multiply(m: BoxVariables, n: BoxVariables, k: BoxVariables, accumulates: Local<'i32'>) {
    const panels = (points: Code<'i32'>, tile: number) =>
      i32.divU(i32.add(points, i32.const(tile - 1)), i32.const(tile))
    return this.#context.multiply.call(this.#dtype, {
      ...this.#areas,
      depth: this.#axes.k.points(k),
      rowPanels: panels(this.#axes.m.points(m), tileRows),
      columnPanels: panels(this.#axes.n.points(n), tileColumns),
      leftPanelBytes: 4 * panelSize(this.#left),
      rightPanelBytes: 4 * panelSize(this.#right),
      sumsRowBytes: 4 * this.#rowSize,
      accumulates,
    })
  }
}
