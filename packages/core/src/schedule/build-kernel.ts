import type { Node } from '../graph/tensor.ts'
import type { Axis } from '../index-algebra/index.ts'
import type { ContractKernel, Kernel, LoopKernel, Operand, Store } from '../ir/kernel.ts'
import type { ReduceScalar, Scalar } from '../scalar/scalar.ts'
import { type KernelAxes, splitKernelAxes } from './axes.ts'
import { findProduct, type Product } from './contraction.ts'
import type { KernelDraft } from './draft.ts'
import { emitProgram, indexData, type Numbering } from './emit.ts'

/** The slot of the plan that holds the value of a node. */
export type SlotOf = (node: Node) => number

/** Turns a draft into a kernel: a contraction where its reduction is one, else a loop nest. */
export function buildKernel(draft: KernelDraft, slotOf: SlotOf): Kernel {
  const elements = [...draft.elements.values()]
  const axes = splitKernelAxes(elements)
  const outer = axes.partsOf(draft.flat)
  const { reductions } = draft
  const [reduction] = reductions
  if (reduction !== undefined && reductions.length === 1) {
    const reduced = axes.partsOf(draft.flat.space.atom(reduction.axis))
    const product = findProduct(reduction, outer, reduced, axes)
    if (product !== undefined) return contractKernel(draft, slotOf, axes, outer, reduction, product)
  }
  return loopKernel(draft, slotOf, axes, outer, reductions)
}

function contractKernel(
  draft: KernelDraft,
  slotOf: SlotOf,
  axes: KernelAxes,
  outer: readonly Axis[],
  reduction: ReduceScalar,
  product: Product,
): ContractKernel {
  const frame = new KernelFrame(draft, slotOf, axes, [...outer, ...product.k])
  const { batch, m, n, k } = product
  return {
    kind: 'contract',
    label: frame.label,
    batch: batch.map(frame.axis),
    m: m.map(frame.axis),
    n: n.map(frame.axis),
    k: k.map(frame.axis),
    left: { program: frame.product(product.left) },
    right: { program: frame.product(product.right) },
    ...frame.epilogue([reduction]),
    axes: frame.axisSizes,
    operands: frame.operands,
  }
}

function loopKernel(
  draft: KernelDraft,
  slotOf: SlotOf,
  axes: KernelAxes,
  outer: readonly Axis[],
  reductions: readonly ReduceScalar[],
): LoopKernel {
  const [first] = reductions
  const reduced = first === undefined ? [] : axes.partsOf(draft.flat.space.atom(first.axis))
  const frame = new KernelFrame(draft, slotOf, axes, [...outer, ...reduced])
  const stages: LoopKernel['stages'][number][] = []
  if (reductions.length > 0) {
    const { steps, numberOf } = emitProgram(
      reductions.map((reduction) => reduction.body),
      frame,
    )
    stages.push({
      over: 'all',
      program: steps,
      reductions: reductions.map(({ combiner, body, dtype }) => ({
        combiner,
        value: numberOf(body),
        dtype,
      })),
      stores: [],
    })
  }
  const { epilogue, stores } = frame.epilogue(reductions)
  stages.push({ over: 'outer', program: epilogue, reductions: [], stores })
  return {
    kind: reductions.length > 0 ? 'reduce' : 'map',
    label: frame.label,
    outer: outer.length,
    stages,
    axes: frame.axisSizes,
    operands: frame.operands,
  }
}

/** Numbers the axes, operands and reductions of one kernel while its programs are written. */
class KernelFrame implements Numbering {
  readonly operands: Operand[] = []
  readonly axisSizes: readonly number[]
  readonly label: string
  readonly #draft: KernelDraft
  readonly #slotOf: SlotOf
  readonly #axes: KernelAxes
  readonly #order: readonly Axis[]
  #available: readonly ReduceScalar[] = []

  constructor(draft: KernelDraft, slotOf: SlotOf, axes: KernelAxes, order: readonly Axis[]) {
    this.#draft = draft
    this.#slotOf = slotOf
    this.#axes = axes
    this.#order = order
    this.axisSizes = order.map((axis) => axis.size)
    this.label = [...draft.elements.keys()].map(nameOf).join(' + ')
  }

  readonly axis = (axis: Axis): number => this.#order.indexOf(axis)

  resolve(...[index]: Parameters<Numbering['resolve']>): ReturnType<Numbering['resolve']> {
    return this.#axes.resolve(index)
  }

  operand(array: number): number {
    const node = this.#draft.arrayNode(array)
    return this.#operandOf(this.#slotOf(node), node)
  }

  reduction(scalar: ReduceScalar): number | undefined {
    const number = this.#available.indexOf(scalar)
    return number < 0 ? undefined : number
  }

  /** A program whose last step is the product of `factors`. */
  product(factors: readonly Scalar[]): ContractKernel['left']['program'] {
    const { steps, numberOf } = emitProgram(factors, this)
    const numbers = factors.map(numberOf)
    const program = [...steps]
    const dtype = factors[0]?.dtype ?? 'float32'
    let last = numbers[0] ?? 0
    for (const next of numbers.slice(1)) {
      last = program.push({ op: 'apply', dtype, instruction: 'mul', args: [last, next] }) - 1
    }
    return program
  }

  /** The program over the outer axes and the stores of all nodes, once reductions are available. */
  epilogue(reductions: readonly ReduceScalar[]): {
    epilogue: ContractKernel['epilogue']
    stores: readonly Store[]
  } {
    this.#available = reductions
    const { steps, numberOf } = emitProgram([...this.#draft.elements.values()], this)
    const index = indexData(this.#draft.flat, this)
    const stores = [...this.#draft.elements].map(([node, element]) => ({
      value: numberOf(element),
      operand: this.#operandOf(this.#slotOf(node), node),
      index,
    }))
    return { epilogue: steps, stores }
  }

  #operandOf(slot: number, node: Node): number {
    const known = this.operands.findIndex((operand) => operand.slot === slot)
    return known < 0 ? this.operands.push({ slot, dtype: node.dtype }) - 1 : known
  }
}

function nameOf(node: Node): string {
  return node.source.kind === 'op' ? node.source.op.name : node.source.kind
}
