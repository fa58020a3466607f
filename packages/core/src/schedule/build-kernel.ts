import type { Node } from '../graph/tensor.ts'
import type { ContractKernel, Kernel, LoopKernel } from '../ir/kernel.ts'
import { splitKernelAxes } from './axes.ts'
import { walkKernels } from './build-walk.ts'
import { CustomDraft } from './custom-draft.ts'
import type { KernelDraft } from './draft.ts'
import type { Draft } from './draft-order.ts'
import { KernelFrame, type KernelSlots, type StoredElement } from './kernel-frame.ts'
import { stagesOf } from './stages.ts'
import { WalkDraft } from './walk-draft.ts'

/** The kernels of a draft: for loops one, a contraction where their reduction is one. */
export function buildKernels(draft: Draft, slots: KernelSlots): Kernel[] {
  if (draft instanceof WalkDraft) return walkKernels(draft, slots)
  if (draft instanceof CustomDraft) return [draft.kernel(slots)]
  return [contractKernel(draft, slots) ?? loopKernel(draft, slots)]
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
    stores: storedElements(draft, draft.nodes.filter(slots.isStored)),
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
    stages: stages.map((stage) =>
      frame.stage({ ...stage, stores: storedElements(draft, stage.stores) }),
    ),
    ...frame.common(),
  }
}

function storedElements(draft: KernelDraft, nodes: readonly Node[]): StoredElement[] {
  return nodes.map((node) => {
    const element = draft.elements.get(node)
    if (element === undefined) throw new Error('a draft lacks what it stores')
    return { node, element, index: draft.indexOf(node) }
  })
}
