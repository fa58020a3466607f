import {
  type LoopKernel,
  programsOf,
  type ScanKernel,
  type ScatterKernel,
  sizeOf,
} from '@tensorweft/core'
import { splitLines } from '../wgsl/counters.ts'
import { isRead } from '../wgsl/program-text.ts'
import { type Quads, splitQuadLines } from '../wgsl/quads.ts'
import type { Shader } from '../wgsl/shader.ts'

/** How a workgroup shares rows: `rows` of them, `lanes` invocations for each, powers of two. */
export interface RowLayout {
  readonly outerSize: number
  readonly reducedSize: number
  readonly rows: number
  readonly lanes: number
  /** Whether neighbouring invocations take neighbouring rows, not points of one row. */
  readonly rowsAreFastest: boolean
}

/** Rows of at most this many points are walked by one invocation. */
const shortRow = 16

/** Kernels whose rows are shared out by a layout. */
type RowKernel = LoopKernel | ScanKernel | ScatterKernel

/** So many rows fill a device with few lanes each, which then have more to do at a time. */
const manyRows = 8192

/**
 * Neighbouring rows that are read together: fewer than these are in groups of 8, the least that a
 * memory transaction brings, so that more workgroups and lanes share them.
 */
const fewColumns = 2048

/**
 * Chooses by the shape alone. A step of a lane takes
 * `pointsPerStep` points.
 */
export function chooseRowLayout(kernel: RowKernel, pointsPerStep = 1): RowLayout {
  const outerSize = sizeOf(kernel.axes.slice(0, kernel.outer))
  const reducedSize = sizeOf(kernel.axes.slice(kernel.outer))
  const sizes = { outerSize, reducedSize }
  if (reducedSize <= shortRow) return { ...sizes, rows: 64, lanes: 1, rowsAreFastest: true }
  const stepsPerLane = outerSize < manyRows ? Math.max(8 / pointsPerStep, 2) : 8
  const wanted = powerOfTwoAbove(reducedSize / pointsPerStep / stepsPerLane)
  if (loadsAlongRows(kernel)) {
    const rows = outerSize < fewColumns ? 8 : 32
    return { ...sizes, rows, lanes: Math.min(wanted, 256 / rows), rowsAreFastest: true }
  }
  const lanes = Math.min(Math.max(wanted, 4), 256)
  return { ...sizes, rows: Math.max(64 / lanes, 1), lanes, rowsAreFastest: false }
}

function powerOfTwoAbove(value: number): number {
  return 2 ** Math.ceil(Math.log2(Math.max(value, 1)))
}

/** Whether some load has its unit stride on the innermost outer axis and none on a reduced one. */
export function loadsAlongRows(kernel: RowKernel): boolean {
  const { axes, outer } = kernel
  const loads = programsOf(kernel)
    .flat()
    .flatMap((step) => (isRead(step) ? [step.index.terms] : []))
  const unitAxes = loads.flatMap((terms) =>
    terms.filter(({ axis, coefficient }) => coefficient === 1 && (axes[axis] ?? 1) > 1),
  )
  return unitAxes.some(({ axis }) => axis < outer) && unitAxes.every(({ axis }) => axis < outer)
}

/**
 * Statements that say which row and lane an invocation has, with the counters of the row; with
 * `quads` it has four neighbouring rows.
 */
export function rowLines(
  kernel: RowKernel,
  shader: Shader,
  layout: RowLayout,
  quads?: Quads,
): string[] {
  const { axes, outer } = kernel
  const { rows, lanes, rowsAreFastest } = layout
  const [row, lane] =
    lanes === 1
      ? ['local', '0u']
      : rowsAreFastest
        ? [`local % ${rows}u`, `local / ${rows}u`]
        : [`local / ${lanes}u`, `local % ${lanes}u`]
  const outerAxes = axes.map((_, axis) => axis).slice(0, outer)
  return [
    `let row_in_group = ${row};`,
    `let lane = ${lane};`,
    `let row = group * ${rows}u + row_in_group;`,
    `let is_row = row < ${shader.size(outerAxes)}${quads === undefined ? '' : ' / 4u'};`,
    ...(quads === undefined
      ? splitLines('row', outerAxes, axes, (axis) => `i${axis}`)
      : splitQuadLines('row', outerAxes, axes, quads)),
  ]
}

/** The number of points of a row (u32); short rows have a constant, so that loops can be unrolled. */
export function rowLength({ axes, outer }: RowKernel, shader: Shader): string {
  const reduced = axes.map((_, axis) => axis).slice(outer)
  const size = sizeOf(axes.slice(outer))
  return size <= shortRow ? `${size}u` : shader.size(reduced)
}
