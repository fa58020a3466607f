import type { Node } from '../graph/tensor.ts'
import type { Axis, Index } from '../index-algebra/index.ts'
import type { ContractKernel, Kernel, LoopKernel, Operand, Stage, Store } from '../ir/kernel.ts'
import type { Program } from '../ir/program.ts'
import type { ReduceScalar, Scalar } from '../scalar/scalar.ts'
import { type KernelAxes, splitKernelAxes } from './axes.ts'
import type { KernelDraft } from './draft.ts'
import { emitProgram, indexData, type Numbering } from './emit.ts'
import { type DraftStage, stagesOf } from './stages.ts'

/** Where values are while the plan runs. */
export interface KernelSlots {
  /** The slot of the plan that holds the value of a node. */
  of(node: Node): number
  /** Whether anybody outside the draft that computes a node needs it. */
  isStored(node: Node): boolean
}

/** Turns a draft into a kernel: a contraction where its reduction is one, else a loop nest. */
export function buildKernel(draft: KernelDraft, slots: KernelSlots): Kernel {
  return contractKernel(draft, slots) ?? loopKernel(draft, slots)
}

function contractKernel(draft: KernelDraft, slots: KernelSlots): ContractKernel | undefined {
  const { contraction } = draft
  if (contraction === undefined) return undefined
  const { axes, product, reduction } = contraction
  const frame = new KernelFrame(draft, slots, axes, [...axes.partsOf(draft.row), ...product.k])
  const { batch, m, n, k } = product
  const left = { program: frame.product(product.left) }
  const right = { program: frame.product(product.right) }
  const { program, stores } = frame.stage({
    over: 'outer',
    available: [reduction],
    reductions: [],
    stores: draft.nodes.filter(slots.isStored),
  })
  return {
    kind: 'contract',
    ...frame.common(),
    batch: batch.map(frame.axis),
    m: m.map(frame.axis),
    n: n.map(frame.axis),
    k: k.map(frame.axis),
    left,
    right,
    epilogue: program,
    stores,
  }
}

function loopKernel(draft: KernelDraft, slots: KernelSlots): LoopKernel {
  const axes = splitKernelAxes([...draft.elements.values()])
  const outer = axes.partsOf(draft.row)
  const { innerAxis } = draft
  const reduced = innerAxis === undefined ? [] : axes.partsOf(draft.row.space.atom(innerAxis))
  const frame = new KernelFrame(draft, slots, axes, [...outer, ...reduced])
  const stages = stagesOf(draft, draft.nodes.filter(slots.isStored))
  const walks = stages.filter((stage) => stage.over === 'all')
  const isReduce = walks.length === 1 && walks[0]?.stores.length === 0
  return {
    kind: walks.length === 0 ? 'map' : isReduce ? 'reduce' : 'row',
    outer: outer.length,
    stages: stages.map((stage) => frame.stage(stage)),
    ...frame.common(),
  }
}

/** Numbers the axes, operands and reductions of one kernel while its programs are written. */
class KernelFrame implements Numbering {
  readonly #draft: KernelDraft
  readonly #slots: KernelSlots
  readonly #axes: KernelAxes
  readonly #order: readonly Axis[]
  readonly #operands: Operand[] = []
  #numbered: readonly ReduceScalar[] = []
  #available: ReadonlySet<ReduceScalar> = new Set()

  constructor(draft: KernelDraft, slots: KernelSlots, axes: KernelAxes, order: readonly Axis[]) {
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

  stage({ over, available, reductions, stores }: DraftStage): Stage {
    this.#available = new Set(available)
    this.#numbered = [...new Set([...this.#numbered, ...available])]
    const elements = stores.map((node) => ({ node, element: this.#elementOf(node) }))
    const roots = [
      ...reductions.map((reduction) => reduction.body),
      ...elements.map(({ element }) => element),
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
      stores: elements.map(
        ({ node, element }): Store => ({
          value: numberOf(element),
          operand: this.#operandOf(node),
          index: indexData(this.#draft.indexOf(node), this),
        }),
      ),
    }
  }

  #elementOf(node: Node): Scalar {
    const element = this.#draft.elements.get(node)
    if (element === undefined) throw new Error('a draft stores a node that it does not compute')
    return element
  }

  #operandOf(node: Node): number {
    const slot = this.#slots.of(node)
    const known = this.#operands.findIndex((operand) => operand.slot === slot)
    return known < 0 ? this.#operands.push({ slot, dtype: node.dtype }) - 1 : known
  }
}
