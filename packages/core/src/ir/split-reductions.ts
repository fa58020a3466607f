import { sizeOf, stridesOf } from '../shape.ts'
import { identityOf } from './combiner.ts'
import type {
  ContractKernel,
  ContractOperand,
  Kernel,
  LoopKernel,
  Operand,
  Reduction,
  Store,
} from './kernel.ts'
import { mapProgram, mapStores } from './map-indices.ts'
import { arenaAlignment, type Plan, type Slot } from './plan.ts'
import type { IndexData, Program, RangeData, Step } from './program.ts'

/** Which reductions are split, and how far. */
export interface SplitPolicy {
  /** For a kernel with so many results of so many terms each; undefined keeps it whole. */
  chunks(
    kernel: LoopKernel | ContractKernel,
    results: number,
    terms: number,
  ): ChunkCount | undefined
}

/** How many partial results each result is to have. */
export interface ChunkCount {
  readonly least: number
  readonly most: number
  /**
   * Whether the last chunk may be a shorter one, where no axis falls into half as many equal ones:
   * what is missing is then guarded point by point. Lengths are multiples of four.
   */
  readonly isRagged?: boolean
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

/** How an axis is cut. */
interface Cut {
  readonly axis: number
  readonly chunks: number
  /** Points of a chunk, the last one may have fewer. */
  readonly length: number
}

/** How one kernel becomes that of partial results. */
interface Parts {
  /** Sizes of the old axes, one of them shorter, and of a new one that counts its chunks. */
  readonly axes: readonly number[]
  readonly chunkAxis: number
  /** An index over the new axes. */
  readonly map: (index: IndexData) => IndexData
  /** Where there is a point; undefined if everywhere. */
  readonly guard: RangeData | undefined
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

/** Undefined where the policy or the lengths of all axes are against it. */
function split(whole: Whole, policy: SplitPolicy, place: Place): Kernel[] | undefined {
  const { kernel, results, reduced, reductions } = whole
  const { axes, operands } = kernel
  const sizes = results.map((axis) => axes[axis] ?? 1)
  const count = sizeOf(sizes)
  const terms = sizeOf(reduced.map((axis) => axes[axis] ?? 1))
  const wanted = count * terms === 0 ? undefined : policy.chunks(kernel, count, terms)
  const cut = wanted && cutOf(axes, reduced, wanted)
  if (cut === undefined) return
  const { axis, chunks, length } = cut
  const size = axes[axis] ?? 1
  const chunkAxis = axes.length
  const index = positionOf([chunks, ...sizes], [chunkAxis, ...results])
  const map = (index: IndexData) => cutAxis(index, axis, chunkAxis, length)
  const point = { constant: 0, terms: [{ axis, coefficient: 1 }], digits: [] }
  const parts: Parts = {
    axes: [...axes.with(axis, length), chunks],
    chunkAxis,
    map,
    guard: chunks * length === size ? undefined : { index: map(point), low: 0, high: size },
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

/** The axis that falls into most equal chunks, or else the longest one in ragged ones. */
function cutOf(
  axes: readonly number[],
  reduced: readonly number[],
  { least, most, isRagged = false }: ChunkCount,
): Cut | undefined {
  const cuts = reduced.map((axis): Cut => {
    const size = axes[axis] ?? 1
    const chunks = equalChunksOf(size, most)
    return { axis, chunks, length: size / chunks }
  })
  const [best] = cuts.sort((a, b) => b.chunks - a.chunks)
  if (best === undefined) return
  if (isRagged && best.chunks < most / 2) {
    const longest = reduced.reduce((a, b) => ((axes[b] ?? 1) > (axes[a] ?? 1) ? b : a), best.axis)
    const size = axes[longest] ?? 1
    const length = 4 * Math.ceil(size / most / 4)
    const chunks = Math.ceil(size / length)
    if (chunks > best.chunks && chunks >= least) return { axis: longest, chunks, length }
  }
  return best.chunks < least ? undefined : best
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
function equalChunksOf(size: number, most: number): number {
  let chunks = most
  while (size < chunks || size % chunks > 0) chunks--
  return chunks
}

function partContraction(kernel: ContractKernel, parts: Parts): ContractKernel {
  const { axes, chunkAxis, map, guard, operands, program, stores } = parts
  const side = ({ program }: ContractOperand): ContractOperand => {
    const last = program.length - 1
    return {
      program: guarded(mapProgram(program, map), guard, [{ value: last, outside: 0 }]).program,
    }
  }
  return {
    ...kernel,
    axes,
    batch: [chunkAxis, ...kernel.batch],
    operands,
    left: side(kernel.left),
    right: side(kernel.right),
    epilogue: program,
    stores,
  }
}

/** The axis that counts the chunks becomes the first one. */
function partLoops(kernel: LoopKernel, parts: Parts): LoopKernel {
  const { axes, chunkAxis, map, guard, operands, program, stores } = parts
  const order = [chunkAxis, ...kernel.axes.keys()]
  const renumber = (index: IndexData) => renumbered(index, order)
  const [stage] = kernel.stages
  if (stage === undefined) return kernel
  const { reductions } = stage
  const wanted = reductions.map(({ combiner, dtype, value }) => {
    return { value, outside: identityOf(combiner, dtype) }
  })
  const first = guarded(mapProgram(stage.program, map), guard, wanted)
  return {
    ...kernel,
    axes: order.map((axis) => axes[axis] ?? 1),
    outer: kernel.outer + 1,
    operands,
    stages: [
      {
        ...stage,
        program: mapProgram(first.program, renumber),
        reductions: reductions.map((reduction, k) => {
          return { ...reduction, value: first.values[k] ?? reduction.value }
        }),
      },
      { over: 'outer', program, reductions: [], stores: mapStores(stores, renumber) },
    ],
  }
}

/** A program that reads nothing where the guard does not hold, and has other values there. */
function guarded(
  program: Program,
  guard: RangeData | undefined,
  wanted: readonly { readonly value: number; readonly outside: number }[],
): { program: Program; values: readonly number[] } {
  if (guard === undefined) return { program, values: wanted.map(({ value }) => value) }
  const steps = program.map((step): Step => {
    const isRead = step.op === 'load' || step.op === 'gather'
    return isRead ? { ...step, within: [...step.within, guard] } : step
  })
  const inside = steps.push({ op: 'inside', dtype: 'bool', within: [guard] }) - 1
  const values = wanted.map(({ value, outside }) => {
    const dtype = program[value]?.dtype ?? 'float32'
    const constant = steps.push({ op: 'constant', dtype, value: outside }) - 1
    const args = [inside, value, constant]
    return steps.push({ op: 'apply', dtype, instruction: 'where', args }) - 1
  })
  return { program: steps, values }
}

/** An index that names axes by their positions in `order`. */
function renumbered(index: IndexData, order: readonly number[]): IndexData {
  const terms = index.terms.map((term) => ({ ...term, axis: order.indexOf(term.axis) }))
  const digits = index.digits.map((digit) => ({ ...digit, of: renumbered(digit.of, order) }))
  return { ...index, terms, digits }
}
