import type { Node } from '../graph/tensor.ts'
import type { Kernel, LoopKernel, ScatterKernel } from '../ir/kernel.ts'
import { splitKernelAxes } from './axes.ts'
import { KernelFrame, type KernelSlots } from './kernel-frame.ts'
import { type InitialValues, rootsAtPoint } from './walk.ts'
import type { WalkDraft } from './walk-draft.ts'

/** The kernel of a walk; before a scatter, the map that writes what it adds to. */
export function walkKernels(draft: WalkDraft, slots: KernelSlots): Kernel[] {
  const { walk } = draft
  const [node] = draft.nodes
  if (node === undefined) throw new Error('a walk of no node')
  if (walk.kind === 'scatter' && walk.size === 0) {
    return [initialKernel(walk.initial, node, draft, slots)]
  }
  const roots = rootsAtPoint(walk)
  const axes = splitKernelAxes(roots, [walk.index])
  const rows = axes.partsOf(walk.row)
  const frame = new KernelFrame(draft, slots, axes, [...rows, ...axes.partsOf(walk.point)])
  const { steps: program, numberOf } = frame.program(roots)
  const value = numberOf(walk.value)
  const store = frame.store(node, value, walk.index)
  const common = { ...frame.common(), outer: rows.length, program, store }
  switch (walk.kind) {
    case 'scan': {
      const { combiner } = walk.form
      return [{ kind: 'scan', ...common, reduction: { combiner, value, dtype: node.dtype } }]
    }
    case 'sort':
      return [{ kind: 'sort', ...common, descending: walk.form.descending }]
    case 'scatter': {
      const { stride, targets: size } = walk
      const target = numberOf(walk.target)
      const scatter: ScatterKernel = { kind: 'scatter', ...common, target, stride, size }
      return [initialKernel(walk.initial, node, draft, slots), scatter]
    }
  }
}

function initialKernel(
  { at, value }: InitialValues,
  node: Node,
  draft: WalkDraft,
  slots: KernelSlots,
): LoopKernel {
  const axes = splitKernelAxes([value])
  const parts = axes.partsOf(at)
  const frame = new KernelFrame(draft, slots, axes, parts)
  const stage = frame.stage({
    over: 'outer',
    available: [],
    reductions: [],
    stores: [{ node, element: value, index: at }],
  })
  return { kind: 'map', outer: parts.length, stages: [stage], ...frame.common() }
}
