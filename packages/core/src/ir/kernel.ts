import type { DType } from '../dtype.ts'
import type { Shape } from '../shape.ts'
import type { Combiner } from './combiner.ts'
import type { IndexData, Program } from './program.ts'

/** A slot of the plan that a kernel reads or writes. */
export interface Operand {
  readonly slot: number
  readonly dtype: DType
}

/** Writes value number `value` of the program to an element of an operand. */
export interface Store {
  readonly value: number
  readonly operand: number
  readonly index: IndexData
}

/** Combines value number `value` of the stage's program over all reduced axes. */
export interface Reduction {
  readonly combiner: Combiner
  readonly value: number
  readonly dtype: DType
}

/**
 * One walk of a loop nest: over the outer axes (`outer`), or over the outer and the reduced axes
 * (`all`). Reductions are numbered through the stages of a kernel in order.
 */
export interface Stage {
  readonly over: 'outer' | 'all'
  readonly program: Program
  readonly reductions: readonly Reduction[]
  readonly stores: readonly Store[]
}

interface KernelBase {
  /** Ops that the kernel computes, for people. */
  readonly label: string
  /** Sizes of the loop axes; index expressions name axes by their position here. */
  readonly axes: readonly number[]
  readonly operands: readonly Operand[]
}

/**
 * A loop nest. For each point of the outer axes the stages run in order.
 * - `map`: no reduced axes, one stage over `outer`.
 * - `reduce`: a stage over `all` with reductions, then one over `outer` with the epilogue.
 * - `row`: any stages; values of one row are reduced and read again.
 */
export interface LoopKernel extends KernelBase {
  readonly kind: 'map' | 'reduce' | 'row'
  /** The first `outer` axes are outer ones, the rest are reduced. */
  readonly outer: number
  readonly stages: readonly Stage[]
}

/** One side of a contraction: the value of `program`'s last step at each point of its axes. */
export interface ContractOperand {
  readonly program: Program
}

/**
 * `out[batch, m, n] = epilogue(Σ over k of left[batch, m, k] · right[batch, n, k])`.
 * Each group is a list of axis numbers, outermost first; a convolution keeps its
 * k = [filterHeight, filterWidth, inChannels] as three axes. An empty group has extent 1.
 */
export interface ContractKernel extends KernelBase {
  readonly kind: 'contract'
  readonly batch: readonly number[]
  readonly m: readonly number[]
  readonly n: readonly number[]
  readonly k: readonly number[]
  readonly left: ContractOperand
  readonly right: ContractOperand
  /** Runs over batch, m and n; the sum of products is its `reduced` value 0. */
  readonly epilogue: Program
  readonly stores: readonly Store[]
}

/** What kernels that walk the points of each row one after the other have in common. */
interface WalkKernel extends KernelBase {
  /** The first `outer` axes count the rows, the rest the points of a row in row-major order. */
  readonly outer: number
  /** Runs at each point. */
  readonly program: Program
}

/** Running totals: each point of a row gets the values up to and with its own, combined in order. */
export interface ScanKernel extends WalkKernel {
  readonly kind: 'scan'
  /** Its `value` is the one of the point, which the total is formed of. */
  readonly reduction: Reduction
  /** Where the total goes. `value` is that of the reduction. */
  readonly store: Store
}

/**
 * The order of the points of each row: element p of the result is the position in the row, an
 * int32, of the value that comes p-th. Stable in both directions; NaN comes after everything else,
 * −0 equals 0.
 */
export interface SortKernel extends WalkKernel {
  readonly kind: 'sort'
  readonly descending: boolean
  /** `value` is the one that is compared; `index` is where the position that comes p-th goes. */
  readonly store: Store
}

/**
 * `out[index + stride · target] += value` for the points of a row in their order; targets outside
 * 0 … size − 1 are left out. `out` holds the initial values before the kernel runs. No two rows
 * touch the same element: `index` depends on the outer axes only.
 */
export interface ScatterKernel extends WalkKernel {
  readonly kind: 'scatter'
  /** Value number of the int32 target. */
  readonly target: number
  readonly stride: number
  readonly size: number
  readonly store: Store
}

/**
 * A kernel that somebody wrote by hand, see `registerKernel`. Its operands are whole row-major
 * arrays: those of the call's tensors in order, then the one that it writes.
 */
export interface CustomKernel extends KernelBase {
  readonly kind: 'custom'
  readonly call: CustomCall
  readonly code: KernelCode
}

/** The call of an op that a custom kernel computes. */
export interface CustomCall {
  /** Its tensors in the order of the operands. */
  readonly tensors: readonly { readonly name: string; readonly shape: Shape }[]
  /** What else it was called with, by name: plain data. */
  readonly options: Readonly<Record<string, unknown>>
  readonly shape: Shape
}

/** Code in the language of a backend. */
export type KernelCode = FunctionCode | WasmCode | WgslCode

/** The number of a function that `customFunction` knows. */
export interface FunctionCode {
  readonly language: 'javascript'
  readonly function: number
}

/**
 * A WebAssembly module that imports its memory as `env.memory` and exports `kernel`, a function of
 * the byte addresses of the call's tensors and of the result, then of `arguments`.
 */
export interface WasmCode {
  readonly language: 'wasm'
  readonly module: Uint8Array<ArrayBuffer>
  /** Sizes and other numbers, as the parameters' types take them. */
  readonly arguments?: readonly number[]
}

/**
 * WGSL declarations with a `fn kernel(group: u32, local: u32)`, which runs in every invocation. For
 * a tensor `x` of the call there is `fn x(index: u32)`, its element at a flat index as f32, i32, u32
 * (of uint8) or bool, and `fn store(index: u32, value: …)` writes the result.
 */
export interface WgslCode {
  readonly language: 'wgsl'
  readonly source: string
  readonly workgroups: number
  /** Invocations of a workgroup. */
  readonly workgroupSize: number
}

/** Every program of a kernel, in the order in which they run. */
export function programsOf(kernel: Kernel): readonly Program[] {
  switch (kernel.kind) {
    case 'contract':
      return [kernel.left.program, kernel.right.program, kernel.epilogue]
    case 'scan':
    case 'sort':
    case 'scatter':
      return [kernel.program]
    case 'custom':
      return []
    default:
      return kernel.stages.map((stage) => stage.program)
  }
}

/** Numbers of the operands that a kernel writes. */
export function writtenOperands(kernel: Kernel): readonly number[] {
  const stored = new Set(storesOf(kernel).map(({ operand }) => operand))
  return kernel.kind === 'custom' ? [kernel.operands.length - 1] : [...stored]
}

/** Everything that a kernel writes at computed places. */
export function storesOf(kernel: Kernel): readonly Store[] {
  switch (kernel.kind) {
    case 'contract':
      return kernel.stores
    case 'scan':
    case 'sort':
    case 'scatter':
      return [kernel.store]
    case 'custom':
      return []
    default:
      return kernel.stages.flatMap((stage) => stage.stores)
  }
}

export type Kernel =
  | LoopKernel
  | ContractKernel
  | ScanKernel
  | SortKernel
  | ScatterKernel
  | CustomKernel
export type KernelKind = Kernel['kind']
