import type { DType } from '../dtype.ts'
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

export type Kernel = LoopKernel | ContractKernel
export type KernelKind = Kernel['kind']
