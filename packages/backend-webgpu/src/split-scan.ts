import {
  type Combiner,
  type IndexData,
  type Instruction,
  type Kernel,
  type LoopKernel,
  mapProgram,
  type Operand,
  type ScanKernel,
  sizeOf,
  stridesOf,
} from '@tensorweft/core'
import type { ScanPass } from './kernels/scan-pass.ts'
import type { Scratch } from './scratch.ts'

/** A scan of one workgroup per row is worth cutting from so many points on … */
const longRow = 2 ** 14
/** … into chunks of no fewer than these, while rows are no more than these. */
const shortestChunk = 1024
const fewRows = 256
const mostChunks = 1024

/**
 * Running totals over few long rows become those within chunks, the totals of all chunks but the
 * last, and a map that combines what came before each chunk with its points.
 */
export function splitScan(kernel: ScanKernel, scratch: Scratch): readonly Kernel[] {
  const { axes, outer, reduction } = kernel
  const rows = sizeOf(axes.slice(0, outer))
  const points = sizeOf(axes.slice(outer))
  if (rows === 0 || rows > fewRows || points < longRow || reduction.dtype === 'bool') {
    return [kernel]
  }
  const length = Math.max(2 ** Math.ceil(Math.log2(points / mostChunks)), shortestChunk)
  const cut = { rowAxes: axes.slice(0, outer), points, length, chunks: Math.ceil(points / length) }
  const totals = scratch(reduction.dtype, rows * (cut.chunks - 1))
  return [
    scanChunks(kernel, cut),
    scanTotals(kernel, cut, totals),
    shiftChunks(kernel, cut, totals),
  ]
}

/** How rows are cut. */
interface Cut {
  readonly rowAxes: readonly number[]
  readonly points: number
  readonly chunks: number
  /** Points of a chunk, the last one may have fewer. */
  readonly length: number
}

function scanChunks(kernel: ScanKernel, { rowAxes, points, length, chunks }: Cut): ScanPass {
  const { outer, store, label } = kernel
  const point = affine(0, [outer, length], [outer + 1, 1])
  const moved = (index: IndexData) => atPoint(index, kernel, point)
  const isRagged = chunks * length > points
  return {
    ...kernel,
    label: `${label} (chunks)`,
    axes: [...rowAxes, chunks, length],
    outer: outer + 1,
    program: mapProgram(kernel.program, moved),
    store: { ...store, index: moved(store.index) },
    ...(isRagged && { within: [{ index: point, low: 0, high: points }] }),
  }
}

function scanTotals(kernel: ScanKernel, cut: Cut, totals: Operand): ScanKernel {
  const { outer, operands, reduction, store, label } = kernel
  const { rowAxes, length, chunks } = cut
  const index = atPoint(store.index, kernel, affine(length - 1, [outer, length]))
  const { dtype } = reduction
  return {
    ...kernel,
    label: `${label} (totals)`,
    axes: [...rowAxes, chunks - 1],
    operands: [...operands, totals],
    program: [{ op: 'load', dtype, operand: store.operand, index, within: [] }],
    reduction: { ...reduction, value: 0 },
    store: { value: 0, operand: operands.length, index: rowMajor([...rowAxes, chunks - 1]) },
  }
}

const combining: Readonly<Record<Combiner, Instruction>> = {
  sum: 'add',
  prod: 'mul',
  max: 'max',
  min: 'min',
}

/** Combines every point but those of the first chunk with the total before its chunk. */
function shiftChunks(kernel: ScanKernel, cut: Cut, totals: Operand): LoopKernel {
  const { outer, operands, reduction, store, label } = kernel
  const { rowAxes, points, length, chunks } = cut
  const { dtype, combiner } = reduction
  const { operand } = store
  const index = atPoint(store.index, kernel, affine(length, [outer, 1]))
  const chunk = { of: affine(0, [outer, 1]), divisor: length, modulus: 0, coefficient: 1 }
  const rows = rowMajor([...rowAxes, chunks - 1]).terms.slice(0, outer)
  const before: IndexData = { constant: 0, terms: rows, digits: [chunk] }
  return {
    kind: 'map',
    label: `${label} (shifts)`,
    axes: [...rowAxes, points - length],
    outer: outer + 1,
    operands: [...operands, totals],
    stages: [
      {
        over: 'outer',
        program: [
          { op: 'load', dtype, operand: operands.length, index: before, within: [] },
          { op: 'load', dtype, operand, index, within: [] },
          { op: 'apply', dtype, instruction: combining[combiner], args: [0, 1] },
        ],
        reductions: [],
        stores: [{ value: 2, operand, index }],
      },
    ],
  }
}

/** An index of a scan whose rows stay, at the point with a number: axes of points are its digits. */
function atPoint(index: IndexData, kernel: ScanKernel, point: IndexData): IndexData {
  const { axes, outer } = kernel
  const strides = stridesOf(axes)
  const points = sizeOf(axes.slice(outer))
  let { constant } = index
  const digits = index.digits.map((digit) => ({ ...digit, of: atPoint(digit.of, kernel, point) }))
  const terms = index.terms.flatMap((term) => {
    const { axis, coefficient } = term
    const [size = 1, divisor = 1] = [axes[axis], strides[axis]]
    if (axis < outer) return term
    if (size === points) {
      constant += coefficient * point.constant
      return point.terms.map((own) => ({ ...own, coefficient: own.coefficient * coefficient }))
    }
    const modulus = size * divisor === points ? 0 : size
    digits.push({ of: point, divisor, modulus, coefficient })
    return []
  })
  return { constant, terms, digits }
}

function affine(
  constant: number,
  ...terms: readonly (readonly [axis: number, coefficient: number])[]
): IndexData {
  return {
    constant,
    terms: terms.map(([axis, coefficient]) => ({ axis, coefficient })),
    digits: [],
  }
}

/** Positions in a row-major array with the axes from the first one on. */
function rowMajor(sizes: readonly number[]): IndexData {
  return affine(0, ...[...stridesOf(sizes).entries()])
}
