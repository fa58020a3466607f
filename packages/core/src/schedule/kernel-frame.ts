import type { Node } from '../graph/tensor.ts'
import type { Axis, Index } from '../index-algebra/index.ts'
import type { Kernel, Operand, Stage, Store } from '../ir/kernel.ts'
import type { Program } from '../ir/program.ts'
import type { ReduceScalar, Scalar } from '../scalar/scalar.ts'
import type { KernelAxes } from './axes.ts'
import type { DraftBase } from './draft-arrays.ts'
import { type EmittedProgram, emitProgram, indexData, type Numbering } from './emit.ts'

/** Where values are while the plan runs. */
export interface KernelSlots {
  /** The slot of the plan that holds the value of a node. */
  of(node: Node): number
  /** Whether anybody outside the draft that computes a node needs it. */
  isStored(node: Node): boolean
}

/** A value that is stored. */
export interface StoredElement {
  readonly node: Node
  readonly element: Scalar
  readonly index: Index
}

/** A stage with the expressions of what it stores. */
export interface StageElements {
  readonly over: 'outer' | 'all'
  /** Reductions whose results exist before. */
  readonly available: readonly ReduceScalar[]
  readonly reductions: readonly ReduceScalar[]
  readonly stores: readonly StoredElement[]
}

/** Numbers the axes, operands and reductions of one kernel while its programs are written. */
export class KernelFrame implements Numbering {
  readonly #draft: DraftBase
  readonly #slots: KernelSlots
  readonly #axes: KernelAxes
  readonly #order: readonly Axis[]
  readonly #operands: Operand[] = []
  #numbered: readonly ReduceScalar[] = []
  #available: ReadonlySet<ReduceScalar> = new Set()

  constructor(draft: DraftBase, slots: KernelSlots, axes: KernelAxes, order: readonly Axis[]) {
    this.#draft = draft
    this.#slots = slots
    this.#axes = axes
    this.#order = order
  }

  readonly axis = (axis: Axis): number => this.#order.indexOf(axis)

  resolve(index: Index): Index {
    return this.#axes.resolve(index)
  }

  operand(array: number): number {
    return this.#operandOf(this.#draft.arrayNode(array))
  }

  reduction(scalar: ReduceScalar): number | undefined {
    return this.#available.has(scalar) ? this.#numbered.indexOf(scalar) : undefined
  }

  /** What all kinds of kernels have; complete once all programs are written. */
  common(): Pick<Kernel, 'label' | 'axes' | 'operands'> {
    return {
      label: this.#draft.label,
      axes: this.#order.map((axis) => axis.size),
      operands: this.#operands,
    }
  }

  /** A program whose last step is the product of `factors`. */
  product(factors: readonly Scalar[]): Program {
    const { steps, numberOf } = emitProgram(factors, this)
    const program = [...steps]
    const dtype = factors[0]?.dtype ?? 'float32'
    factors.map(numberOf).reduce((last, next) => {
      return program.push({ op: 'apply', dtype, instruction: 'mul', args: [last, next] }) - 1
    })
    return program
  }

  stage({ over, available, reductions, stores }: StageElements): Stage {
    this.#available = new Set(available)
    this.#numbered = [...new Set([...this.#numbered, ...available])]
    const roots = [
      ...reductions.map((reduction) => reduction.body),
      ...stores.map(({ element }) => element),
    ]
    const { steps, numberOf } = emitProgram(roots, this)
    return {
      over,
      program: steps,
      reductions: reductions.map(({ combiner, body, dtype }) => ({
        combiner,
        value: numberOf(body),
        dtype,
      })),
      stores: stores.map(({ node, element, index }) => this.store(node, numberOf(element), index)),
    }
  }

  /** A program of several values. */
  program(roots: readonly Scalar[]): EmittedProgram {
    return emitProgram(roots, this)
  }

  /** Writes value number `value` to the element of `node` at `index`. */
  store(node: Node, value: number, index: Index): Store {
    return { value, operand: this.#operandOf(node), index: indexData(index, this) }
  }

  #operandOf(node: Node): number {
    const slot = this.#slots.of(node)
    const known = this.#operands.findIndex((operand) => operand.slot === slot)
    return known < 0 ? this.#operands.push({ slot, dtype: node.dtype }) - 1 : known
  }
}
