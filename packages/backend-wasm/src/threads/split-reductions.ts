import {
  arenaAlignment,
  type ContractKernel,
  type DType,
  type IndexData,
  type Kernel,
  type LoopKernel,
  type Operand,
  type Plan,
  type Program,
  type Reduction,
  type Slot,
  type Step,
  type Store,
  stridesOf,
} from '@tensorweft/core'
import { mapProgram, mapStores } from '../transform/map-indices.ts'
import { substituteSums } from '../transform/split-axis.ts'
import { costOf } from './cost.ts'
import type { Policy } from './policy.ts'

/** Results that are so few do not give threads enough to do, one by one. */
const mostResults = { reduce: 128, contract: 2048 }
/** Partial results of one result, at most. */
const mostChunks = 16
/** Long chunks have a multiple of so many points: whole turns of unrolled loops. */
const chunkGrain = 256

/** A reduced axis taken in chunks of `length` points; `rest` points are left at its end. */
interface Chunks {
  readonly axis: number
  readonly length: number
  readonly whole: number
  readonly rest: number
}

/**
 * A plan in which long reductions to few results are two kernels: one for partial results, which
 * threads share, and one that combines these. The number of threads has no part in it, so that
 * results do not depend on it.
 */
export function splitReductions(plan: Plan, { splitCost }: Policy): Plan {
  const slots: Slot[] = [...plan.slots]
  let partialBytes = 0
  /** Partial results of all kernels are in one place: each uses its own up at once. */
  const placePartials = (dtypes: readonly DType[], size: number): Operand[] => {
    let byteOffset = plan.arenaByteLength
    const operands = dtypes.map((dtype): Operand => {
      const slot = slots.push({ in: 'arena', byteOffset, dtype, size }) - 1
      byteOffset += Math.ceil((4 * size) / arenaAlignment) * arenaAlignment
      return { slot, dtype }
    })
    partialBytes = Math.max(partialBytes, byteOffset - plan.arenaByteLength)
    return operands
  }
  const kernels = plan.kernels.flatMap((kernel) => {
    if (kernel.kind !== 'custom' && costOf(kernel) < splitCost) return kernel
    if (kernel.kind === 'reduce') return splitLoops(kernel, placePartials)
    return kernel.kind === 'contract' ? splitContraction(kernel, placePartials) : kernel
  })
  const arenaByteLength = plan.arenaByteLength + partialBytes
  return { ...plan, kernels, slots, arenaByteLength }
}

type PlacePartials = (dtypes: readonly DType[], size: number) => Operand[]

function product(sizes: readonly number[], axes: readonly number[]): number {
  return axes.reduce((points, axis) => points * (sizes[axis] ?? 1), 1)
}

/** Cuts the outermost of some axes that gives enough chunks, or the longest one. */
function chunksOf(sizes: readonly number[], axes: readonly number[]): Chunks | undefined {
  const longest = axes.reduce((best, axis) => Math.max(best, sizes[axis] ?? 1), 1)
  const wanted = Math.min(mostChunks, longest)
  const axis = axes.find((candidate) => (sizes[candidate] ?? 1) >= wanted)
  if (axis === undefined || wanted < 2) return undefined
  const size = sizes[axis] ?? 1
  const even = Math.ceil(size / wanted)
  const length = even < 4 * chunkGrain ? even : Math.ceil(even / chunkGrain) * chunkGrain
  return { axis, length, whole: Math.floor(size / length), rest: size % length }
}

/** `offset` plus the row-major position of a point in some axes. */
function positionOf(sizes: readonly number[], axes: readonly number[], offset = 0): IndexData {
  const strides = stridesOf(axes.map((axis) => sizes[axis] ?? 1))
  const terms = axes.map((axis, k) => ({ axis, coefficient: strides[k] ?? 1 }))
  return { constant: offset, terms, digits: [] }
}

/** An index after an axis has become `chunk · length + axis`, or `start + axis`. */
function moved(index: IndexData, { axis, length, whole }: Chunks, chunk?: number): IndexData {
  if (chunk !== undefined) {
    return substituteSums(index, [{ axis, parts: [{ axis: chunk, factor: length }] }])
  }
  const start = whole * length
  const constant = index.terms.reduce(
    (sum, term) => (term.axis === axis ? sum + term.coefficient * start : sum),
    index.constant,
  )
  const digits = index.digits.map((digit) => {
    return { ...digit, of: moved(digit.of, { axis, length, whole, rest: 0 }) }
  })
  return { ...index, constant, digits }
}

function renumbered(index: IndexData, numbers: readonly number[]): IndexData {
  const terms = index.terms.map((term) => ({ ...term, axis: numbers[term.axis] ?? 0 }))
  const digits = index.digits.map((digit) => ({ ...digit, of: renumbered(digit.of, numbers) }))
  return { ...index, terms, digits }
}

function splitLoops(kernel: LoopKernel, placePartials: PlacePartials): Kernel[] {
  const { axes, outer, stages, operands } = kernel
  const [stage, last] = stages
  const numbers = [...axes.keys()]
  const [results, reduced] = [numbers.slice(0, outer), numbers.slice(outer)]
  const count = product(axes, results)
  const chunks = chunksOf(axes, reduced)
  const isPlain =
    stages.length === 2 &&
    stage?.over === 'all' &&
    stage.stores.length === 0 &&
    last?.over === 'outer' &&
    stage.reductions.every(({ dtype }) => dtype === 'float32' || dtype === 'int32')
  if (!isPlain || chunks === undefined || count === 0 || count > mostResults.reduce) return [kernel]
  const { reductions, program } = stage
  const total = chunks.whole + Math.min(chunks.rest, 1)
  const partials = placePartials(
    reductions.map(({ dtype }) => dtype),
    total * count,
  )
  const part = (sizes: readonly number[], map: (index: IndexData) => IndexData, first: number) => {
    // The axis that counts the chunks becomes the outermost one.
    const own = [sizes.length - 1, ...sizes.keys()].slice(0, sizes.length)
    const shifted = sizes.map((_, axis) => (axis === sizes.length - 1 ? 0 : axis + 1))
    const ordered = own.map((axis) => sizes[axis] ?? 1)
    const position = positionOf(ordered, [0, ...results.map((axis) => axis + 1)], first * count)
    return {
      ...kernel,
      label: `${kernel.label} (parts)`,
      axes: ordered,
      outer: outer + 1,
      operands: [...operands, ...partials],
      stages: [
        { ...stage, program: mapProgram(program, (index) => renumbered(map(index), shifted)) },
        {
          over: 'outer' as const,
          program: reducedSteps(reductions),
          reductions: [],
          stores: reductions.map((_, value): Store => {
            return { value, operand: operands.length + value, index: position }
          }),
        },
      ],
    }
  }
  const sizes = [...axes, chunks.whole].with(chunks.axis, chunks.length)
  const rest = [...axes, 1].with(chunks.axis, chunks.rest)
  const parts = [part(sizes, (index) => moved(index, chunks, axes.length), 0)]
  if (chunks.rest > 0) parts.push(part(rest, (index) => moved(index, chunks), chunks.whole))
  const combined = {
    ...kernel,
    axes: [...axes.slice(0, outer), total],
    operands: [...operands, ...partials],
    stages: [combineStage(axes, results, outer, reductions, operands.length), last],
  }
  return [...parts, combined]
}

function reducedSteps(reductions: readonly Pick<Reduction, 'dtype'>[]): Program {
  return reductions.map(({ dtype }, reduction): Step => ({ op: 'reduced', dtype, reduction }))
}

/** Combines partial results, whose chunks are counted by an axis. */
function combineStage(
  sizes: readonly number[],
  results: readonly number[],
  chunkAxis: number,
  reductions: readonly Reduction[],
  firstOperand: number,
): LoopKernel['stages'][number] {
  const within = positionOf(sizes, results)
  const coefficient = product(sizes, results)
  const index = { ...within, terms: [{ axis: chunkAxis, coefficient }, ...within.terms] }
  return {
    over: 'all',
    program: reductions.map(({ dtype }, k): Step => {
      return { op: 'load', dtype, operand: firstOperand + k, index, within: [] }
    }),
    reductions: reductions.map((reduction, value) => ({ ...reduction, value })),
    stores: [],
  }
}

function splitContraction(kernel: ContractKernel, placePartials: PlacePartials): Kernel[] {
  const { axes, batch, m, n, k, left, right, operands } = kernel
  const results = [...batch, ...m, ...n]
  const count = product(axes, results)
  const chunks = chunksOf(axes, k)
  const dtypes = [left, right].map(({ program }) => program.at(-1)?.dtype)
  const isPlain = dtypes.every((dtype) => dtype === 'float32')
  if (!isPlain || chunks === undefined || count === 0 || count > mostResults.contract)
    return [kernel]
  const total = chunks.whole + Math.min(chunks.rest, 1)
  const partials = placePartials(['float32'], total * count)
  const chunkAxis = axes.length
  const part = (sizes: readonly number[], map: (index: IndexData) => IndexData, first: number) => {
    const index = positionOf(sizes, [chunkAxis, ...results], first * count)
    return {
      ...kernel,
      label: `${kernel.label} (parts)`,
      axes: sizes,
      batch: [chunkAxis, ...batch],
      operands: [...operands, ...partials],
      left: { program: mapProgram(left.program, map) },
      right: { program: mapProgram(right.program, map) },
      epilogue: reducedSteps([{ dtype: 'float32' }]),
      stores: [{ value: 0, operand: operands.length, index }],
    }
  }
  const sizes = [...axes, chunks.whole].with(chunks.axis, chunks.length)
  const rest = [...axes, 1].with(chunks.axis, chunks.rest)
  const parts = [part(sizes, (index) => moved(index, chunks, chunkAxis), 0)]
  if (chunks.rest > 0) parts.push(part(rest, (index) => moved(index, chunks), chunks.whole))
  // Results come first among the axes of loops.
  const numbers = axes.map((_, axis) => Math.max(results.indexOf(axis), 0))
  const resultSizes = results.map((axis) => axes[axis] ?? 1)
  const renumber = (index: IndexData) => renumbered(index, numbers)
  const sum: Reduction = { combiner: 'sum', value: 0, dtype: 'float32' }
  const own = [...results.keys()]
  const combined: LoopKernel = {
    kind: 'reduce',
    label: kernel.label,
    axes: [...resultSizes, total],
    outer: results.length,
    operands: [...operands, ...partials],
    stages: [
      combineStage(resultSizes, own, results.length, [sum], operands.length),
      {
        over: 'outer',
        program: mapProgram(kernel.epilogue, renumber),
        reductions: [],
        stores: mapStores(kernel.stores, renumber),
      },
    ],
  }
  return [...parts, combined]
}
