import { sizeOf, stridesOf } from '../shape.ts'
import type { ContractKernel, Kernel, LoopKernel, Operand, Reduction, Store } from './kernel.ts'
import { mapProgram, mapStores } from './map-indices.ts'
import { arenaAlignment, type Plan, type Slot } from './plan.ts'
import type { IndexData, Program, Step } from './program.ts'

/** Which reductions are split, and how far. */
export interface SplitPolicy {
  /** Results up to which a kernel is worth splitting; 0 keeps it whole. */
  mostResults(kernel: LoopKernel | ContractKernel): number
  /** Partial results of one result, at least and at most. */
  readonly chunks: readonly [least: number, most: number]
}

/** A reduction over all reduced axes, whatever its kernel is. */
interface Whole {
  readonly kernel: LoopKernel | ContractKernel
  /** Axes that count the results, outermost first. */
  readonly results: readonly number[]
  readonly reduced: readonly number[]
  readonly reductions: readonly Reduction[]
  /** What is done with the results. */
  readonly program: Program
  readonly stores: readonly Store[]
}

/** How one kernel becomes that of partial results. */
interface Parts {
  /** Sizes of the old axes, one of them shorter, and of a new one that counts its chunks. */
  readonly axes: readonly number[]
  readonly chunkAxis: number
  /** An index over the new axes. */
  readonly map: (index: IndexData) => IndexData
  readonly operands: readonly Operand[]
  /** The partial results, and where each goes. */
  readonly program: Program
  readonly stores: readonly Store[]
}

type Place = (reductions: readonly Reduction[], size: number) => Operand[]

/**
 * A plan in which long reductions to few results are two kernels: one for partial results, which
 * threads or workgroups share, and one that combines these. For backends; a policy that looks at
 * nothing but the kernel keeps results apart from the machine.
 */
export function splitReductions(plan: Plan, policy: SplitPolicy): Plan {
  const slots: Slot[] = [...plan.slots]
  let arenaByteLength = plan.arenaByteLength
  /** Partial results of all kernels are in one place: each uses its own up at once. */
  const place: Place = (reductions, size) => {
    let byteOffset = plan.arenaByteLength
    const operands = reductions.map(({ dtype }): Operand => {
      const slot = slots.push({ in: 'arena', byteOffset, dtype, size }) - 1
      byteOffset += Math.ceil((4 * size) / arenaAlignment) * arenaAlignment
      return { slot, dtype }
    })
    arenaByteLength = Math.max(arenaByteLength, byteOffset)
    return operands
  }
  const kernels = plan.kernels.flatMap((kernel): Kernel[] => {
    if (kernel.kind !== 'reduce' && kernel.kind !== 'contract') return [kernel]
    const whole = kernel.kind === 'contract' ? wholeContraction(kernel) : wholeLoops(kernel)
    return (whole && split(whole, policy, place)) ?? [kernel]
  })
  return { ...plan, kernels, slots, arenaByteLength }
}

function wholeLoops(kernel: LoopKernel): Whole | undefined {
  const [stage, last, more] = kernel.stages
  if (stage?.over !== 'all' || last?.over !== 'outer' || more !== undefined) return undefined
  const { reductions, stores } = stage
  const isWide = reductions.every(({ dtype }) => dtype === 'float32' || dtype === 'int32')
  if (stores.length > 0 || !isWide) return undefined
  const axes = [...kernel.axes.keys()]
  const [results, reduced] = [axes.slice(0, kernel.outer), axes.slice(kernel.outer)]
  return { kernel, results, reduced, reductions, program: last.program, stores: last.stores }
}

function wholeContraction(kernel: ContractKernel): Whole | undefined {
  const { batch, m, n, k, left, right, epilogue, stores } = kernel
  const isFloat = [left, right].every(({ program }) => program.at(-1)?.dtype === 'float32')
  if (!isFloat) return undefined
  const reductions: Reduction[] = [{ combiner: 'sum', value: 0, dtype: 'float32' }]
  const results = [...batch, ...m, ...n]
  return { kernel, results, reduced: k, reductions, program: epilogue, stores }
}

/** Undefined where results are many, or no axis falls into chunks of one length. */
function split(whole: Whole, policy: SplitPolicy, place: Place): Kernel[] | undefined {
  const { kernel, results, reduced, reductions } = whole
  const { axes, operands } = kernel
  const sizes = results.map((axis) => axes[axis] ?? 1)
  const count = sizeOf(sizes)
  const [least, most] = policy.chunks
  const [best] = reduced
    .map((axis) => ({ axis, chunks: chunksOf(axes[axis] ?? 1, most) }))
    .sort((a, b) => b.chunks - a.chunks)
  if (best === undefined || best.chunks < least) return
  if (count === 0 || count > policy.mostResults(kernel)) return
  const { axis, chunks } = best
  const length = (axes[axis] ?? 1) / chunks
  const chunkAxis = axes.length
  const index = positionOf([chunks, ...sizes], [chunkAxis, ...results])
  const parts: Parts = {
    axes: [...axes.with(axis, length), chunks],
    chunkAxis,
    map: (index) => cutAxis(index, axis, chunkAxis, length),
    operands: [...operands, ...place(reductions, chunks * count)],
    program: reductions.map(({ dtype }, reduction): Step => ({ op: 'reduced', dtype, reduction })),
    stores: reductions.map((_, value) => ({ value, operand: operands.length + value, index })),
  }
  const first =
    kernel.kind === 'contract' ? partContraction(kernel, parts) : partLoops(kernel, parts)
  return [
    { ...first, label: `${kernel.label} (parts)` },
    combine(whole, parts.operands, sizes, chunks),
  ]
}

/** The kernel that combines partial results: results come first among its axes, chunks last. */
function combine(
  { kernel, results, reductions, program, stores }: Whole,
  operands: readonly Operand[],
  sizes: readonly number[],
  chunks: number,
): LoopKernel {
  const outer = sizes.length
  const index = positionOf([chunks, ...sizes], [outer, ...sizes.keys()])
  const loads = reductions.map(({ dtype }, k): Step => {
    return { op: 'load', dtype, operand: kernel.operands.length + k, index, within: [] }
  })
  const renumber = (index: IndexData) => renumbered(index, results)
  return {
    kind: 'reduce',
    label: kernel.label,
    axes: [...sizes, chunks],
    outer,
    operands,
    stages: [
      {
        over: 'all',
        program: loads,
        reductions: reductions.map((reduction, value) => ({ ...reduction, value })),
        stores: [],
      },
      {
        over: 'outer',
        program: mapProgram(program, renumber),
        reductions: [],
        stores: mapStores(stores, renumber),
      },
    ],
  }
}

/** An index whose axis is itself and `length` times the number of its chunk. */
function cutAxis(index: IndexData, axis: number, chunkAxis: number, length: number): IndexData {
  const chunks = index.terms
    .filter((term) => term.axis === axis)
    .map(({ coefficient }) => ({ axis: chunkAxis, coefficient: coefficient * length }))
  const digits = index.digits.map((digit) => {
    return { ...digit, of: cutAxis(digit.of, axis, chunkAxis, length) }
  })
  return { ...index, terms: [...index.terms, ...chunks], digits }
}

/** The row-major position in an array of these sizes, at the values of some axes. */
function positionOf(sizes: readonly number[], axes: readonly number[]): IndexData {
  const strides = stridesOf(sizes)
  const terms = axes.map((axis, k) => ({ axis, coefficient: strides[k] ?? 1 }))
  return { constant: 0, terms, digits: [] }
}

/** The most chunks of one length that an axis falls into. */
function chunksOf(size: number, most: number): number {
  let chunks = most
  while (size < chunks || size % chunks > 0) chunks--
  return chunks
}

function partContraction(kernel: ContractKernel, parts: Parts): ContractKernel {
  const { axes, chunkAxis, map, operands, program, stores } = parts
  return {
    ...kernel,
    axes,
    batch: [chunkAxis, ...kernel.batch],
    operands,
    left: { program: mapProgram(kernel.left.program, map) },
    right: { program: mapProgram(kernel.right.program, map) },
    epilogue: program,
    stores,
  }
}

/** The axis that counts the chunks becomes the first one. */
function partLoops(kernel: LoopKernel, parts: Parts): LoopKernel {
  const { axes, chunkAxis, map, operands, program, stores } = parts
  const order = [chunkAxis, ...kernel.axes.keys()]
  const renumber = (index: IndexData) => renumbered(index, order)
  const [stage] = kernel.stages
  if (stage === undefined) return kernel
  const first = mapProgram(stage.program, (index) => renumber(map(index)))
  return {
    ...kernel,
    axes: order.map((axis) => axes[axis] ?? 1),
    outer: kernel.outer + 1,
    operands,
    stages: [
      { ...stage, program: first },
      { over: 'outer', program, reductions: [], stores: mapStores(stores, renumber) },
    ],
  }
}

/** An index that names axes by their positions in `order`. */
function renumbered(index: IndexData, order: readonly number[]): IndexData {
  const terms = index.terms.map((term) => ({ ...term, axis: order.indexOf(term.axis) }))
  const digits = index.digits.map((digit) => ({ ...digit, of: renumbered(digit.of, order) }))
  return { ...index, terms, digits }
}
