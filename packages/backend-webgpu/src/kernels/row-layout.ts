import {
  type LoopKernel,
  programsOf,
  type ScanKernel,
  type ScatterKernel,
  sizeOf,
} from '@tensorweft/core'
import { splitLines } from '../wgsl/counters.ts'
import { isRead } from '../wgsl/program-text.ts'

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

/** Chooses by the shape alone, so that sums do not depend on the device. */
export function chooseRowLayout(kernel: RowKernel): RowLayout {
  const outerSize = sizeOf(kernel.axes.slice(0, kernel.outer))
  const reducedSize = sizeOf(kernel.axes.slice(kernel.outer))
  const sizes = { outerSize, reducedSize }
  if (reducedSize <= shortRow) return { ...sizes, rows: 64, lanes: 1, rowsAreFastest: true }
  const wanted = powerOfTwoAbove(reducedSize / 8)
  if (loadsAlongRows(kernel)) {
    return { ...sizes, rows: 32, lanes: Math.min(wanted, 8), rowsAreFastest: true }
  }
  const lanes = Math.min(Math.max(wanted, 4), 256)
  return { ...sizes, rows: Math.max(64 / lanes, 1), lanes, rowsAreFastest: false }
}

function powerOfTwoAbove(value: number): number {
  return 2 ** Math.ceil(Math.log2(Math.max(value, 1)))
}

/** Whether some load has its unit stride on the innermost outer axis and none on a reduced one. */
function loadsAlongRows(kernel: RowKernel): boolean {
  const { axes, outer } = kernel
  const loads = programsOf(kernel)
    .flat()
    .flatMap((step) => (isRead(step) ? [step.index.terms] : []))
  const unitAxes = loads.flatMap((terms) =>
    terms.filter(({ axis, coefficient }) => coefficient === 1 && (axes[axis] ?? 1) > 1),
  )
  return unitAxes.some(({ axis }) => axis < outer) && unitAxes.every(({ axis }) => axis < outer)
}

/** Statements that say which row and lane an invocation has, with the counters of the row. */
export function rowLines({ axes, outer }: RowKernel, layout: RowLayout): string[] {
  const { rows, lanes, rowsAreFastest, outerSize } = layout
  const [row, lane] = rowsAreFastest
    ? [`local % ${rows}u`, `local / ${rows}u`]
    : [`local / ${lanes}u`, `local % ${lanes}u`]
  const outerAxes = axes.map((_, axis) => axis).slice(0, outer)
  return [
    `let row_in_group = ${row};`,
    `let lane = ${lane};`,
    `let row = group * ${rows}u + row_in_group;`,
    `let is_row = row < ${outerSize}u;`,
    ...splitLines('row', outerAxes, axes, (axis) => `i${axis}`),
  ]
}
