import { type LoopKernel, sizeOf } from '@tensorweft/core'
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

/** Chooses by the shape alone, so that sums do not depend on the device. */
export function chooseRowLayout(kernel: LoopKernel): RowLayout {
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
function loadsAlongRows({ axes, outer, stages }: LoopKernel): boolean {
  const loads = stages.flatMap(({ program }) =>
    program.flatMap((step) => (isRead(step) ? [step.index.terms] : [])),
  )
  const unitAxes = loads.flatMap((terms) =>
    terms.filter(({ axis, coefficient }) => coefficient === 1 && (axes[axis] ?? 1) > 1),
  )
  return unitAxes.some(({ axis }) => axis < outer) && unitAxes.every(({ axis }) => axis < outer)
}
