import {
  type Instruction,
  type KernelKind,
  type Plan,
  programsOf,
  type ScalarFunction,
  type Step,
  scalarFunctions,
} from '@tensorweft/core'

/** A kernel kind, or the step that gathers, which is a thing of its own to a backend. */
export type KernelPiece = KernelKind | 'gather'

/** The kernel kinds that core generates. */
export const generatedKinds: readonly KernelKind[] = [
  'map',
  'reduce',
  'row',
  'contract',
  'scan',
  'sort',
  'scatter',
]

const order: readonly KernelPiece[] = [...generatedKinds, 'gather', 'custom']

/** What plans are made of, each thing once. */
export interface PlanPieces {
  /** Kinds of their kernels, and `gather` where a step gathers. */
  readonly kernels: ReadonlySet<KernelPiece>
  readonly functions: ReadonlySet<ScalarFunction>
  readonly instructions: ReadonlySet<Instruction>
}

export function piecesOf(plans: readonly Plan[]): PlanPieces {
  const all = plans.flatMap(({ kernels }) => kernels)
  const steps = all.flatMap((kernel) => programsOf(kernel).flat())
  const applied = steps.flatMap((step: Step) => (step.op === 'apply' ? step.instruction : []))
  const gathers = steps.some(({ op }) => op === 'gather')
  const isFunction = (name: Instruction | ScalarFunction): name is ScalarFunction =>
    scalarFunctions.some((fn) => fn === name)
  return {
    kernels: new Set([...all.map(({ kind }) => kind), ...(gathers ? (['gather'] as const) : [])]),
    functions: new Set(applied.filter(isFunction)),
    instructions: new Set(applied.flatMap((name) => (isFunction(name) ? [] : name))),
  }
}

/** As tables list them. */
export function inOrder(pieces: Iterable<KernelPiece>): KernelPiece[] {
  const wanted = new Set(pieces)
  return order.filter((piece) => wanted.has(piece))
}
