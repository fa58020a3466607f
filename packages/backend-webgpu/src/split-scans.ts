import {
  arenaAlignment,
  byteLengthOf,
  type Combiner,
  type IndexData,
  type Instruction,
  type Kernel,
  type LoopKernel,
  mapProgram,
  type Plan,
  type ScanKernel,
  type Slot,
  sizeOf,
  stridesOf,
} from '@tensorweft/core'

/** A scan of one workgroup per row is worth cutting from so many points on … */
const longRow = 2 ** 14
/** … into chunks of no fewer than these, while rows are no more than these. */
const shortestChunk = 1024
const fewRows = 256
const mostChunks = 1024

/**
 * A plan in which running totals over few long rows are three kernels: totals within chunks, the
 * totals of whole chunks, and what came before each chunk combined with its points. By the shape
 * alone. Rows that fall into no chunks of one length stay whole.
 */
export function splitScans(plan: Plan): Plan {
  const slots: Slot[] = [...plan.slots]
  let { arenaByteLength } = plan
  const kernels = plan.kernels.flatMap((kernel): Kernel[] => {
    if (kernel.kind !== 'scan') return [kernel]
    const cut = cutOf(kernel)
    if (cut === undefined) return [kernel]
    const { dtype } = kernel.reduction
    const size = cut.rows * cut.chunks
    const slot = slots.push({ in: 'arena', byteOffset: plan.arenaByteLength, dtype, size }) - 1
    const byteLength = Math.ceil(byteLengthOf(dtype, size) / arenaAlignment) * arenaAlignment
    arenaByteLength = Math.max(arenaByteLength, plan.arenaByteLength + byteLength)
    return split(kernel, cut, slot)
  })
  return { ...plan, kernels, slots, arenaByteLength }
}

/** How the outermost axis of the points of a row is cut. */
interface Cut {
  readonly axis: number
  readonly rows: number
  readonly chunks: number
  /** Of the axis. */
  readonly length: number
}

function cutOf({ axes, outer, reduction }: ScanKernel): Cut | undefined {
  const rows = sizeOf(axes.slice(0, outer))
  const points = sizeOf(axes.slice(outer))
  if (rows === 0 || rows > fewRows || points < longRow || reduction.dtype === 'bool') return
  const axis = axes.findIndex((size, k) => k >= outer && size > 1)
  const size = axes[axis] ?? 1
  let chunks = Math.min(Math.floor(points / shortestChunk), mostChunks, size)
  while (size % chunks > 0) chunks--
  return chunks < 4 ? undefined : { axis, rows, chunks, length: size / chunks }
}

function split(kernel: ScanKernel, cut: Cut, slot: number): Kernel[] {
  const { axes, outer, operands, program, reduction, store, label } = kernel
  const { axis, chunks, length } = cut
  const { dtype } = reduction
  const rowAxes = axes.slice(0, outer)
  const pointAxes = [length, ...axes.slice(axis + 1)]
  /** Old axes in those of rows, chunks, points; a point is counted, or the last one. */
  const moved = (index: IndexData, isLast: boolean) =>
    substitute(index, (old) => {
      if (old < outer) return { constant: 0, terms: [{ axis: old, coefficient: 1 }] }
      if (old < axis) return { constant: 0, terms: [] }
      const k = old - axis
      const last = (pointAxes[k] ?? 1) - 1
      const own = isLast ? [] : [{ axis: outer + 1 + k, coefficient: 1 }]
      const before = k === 0 ? [{ axis: outer, coefficient: length }] : []
      return { constant: isLast ? last : 0, terms: [...own, ...before] }
    })
  const totals = operands.length
  const withTotals = [...operands, { slot, dtype }]
  const totalIndex = rowMajor([...rowAxes, chunks])
  const within: ScanKernel = {
    ...kernel,
    label: `${label} (chunks)`,
    axes: [...rowAxes, chunks, ...pointAxes],
    outer: outer + 1,
    program: mapProgram(program, (index) => moved(index, false)),
    store: { ...store, index: moved(store.index, false) },
  }
  const { operand } = store
  const across: ScanKernel = {
    ...kernel,
    label: `${label} (totals)`,
    axes: [...rowAxes, chunks],
    operands: withTotals,
    program: [{ op: 'load', dtype, operand, index: moved(store.index, true), within: [] }],
    reduction: { ...reduction, value: 0 },
    store: { value: 0, operand: totals, index: totalIndex },
  }
  return [within, across, shiftChunks(within, across, combining[reduction.combiner])]
}

const combining: Readonly<Record<Combiner, Instruction>> = {
  sum: 'add',
  prod: 'mul',
  max: 'max',
  min: 'min',
}

/** Combines every point but those of the first chunk with the total before its chunk. */
function shiftChunks(within: ScanKernel, across: ScanKernel, instruction: Instruction): LoopKernel {
  const chunk = across.outer
  const { dtype } = within.reduction
  const { operand, index } = within.store
  /** Chunks are counted from the second one on. */
  const own = substitute(index, (axis) => {
    return { constant: axis === chunk ? 1 : 0, terms: [{ axis, coefficient: 1 }] }
  })
  const { store } = across
  return {
    kind: 'map',
    label: across.label.replace('(totals)', '(shifts)'),
    axes: within.axes.with(chunk, (within.axes[chunk] ?? 1) - 1),
    outer: within.axes.length,
    operands: across.operands,
    stages: [
      {
        over: 'outer',
        program: [
          { op: 'load', dtype, operand: store.operand, index: store.index, within: [] },
          { op: 'load', dtype, operand, index: own, within: [] },
          { op: 'apply', dtype, instruction, args: [0, 1] },
        ],
        reductions: [],
        stores: [{ value: 2, operand, index: own }],
      },
    ],
  }
}

type Affine = Pick<IndexData, 'constant' | 'terms'>

/** An index with other axes in place of its own. */
function substitute(index: IndexData, replace: (axis: number) => Affine): IndexData {
  let { constant } = index
  const terms = index.terms.flatMap(({ axis, coefficient }) => {
    const other = replace(axis)
    constant += coefficient * other.constant
    return other.terms.map((term) => ({ ...term, coefficient: coefficient * term.coefficient }))
  })
  const digits = index.digits.map((digit) => ({ ...digit, of: substitute(digit.of, replace) }))
  return { constant, terms, digits }
}

/** Positions in a row-major array with the axes from the first one on. */
function rowMajor(sizes: readonly number[]): IndexData {
  const terms = stridesOf(sizes).map((coefficient, axis) => ({ axis, coefficient }))
  return { constant: 0, terms, digits: [] }
}
