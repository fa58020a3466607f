import type { Backend } from '@tensorweft/core'
import { applyGraphOp, type GraphOp } from '../../random-graphs/graph-ops.ts'
import type { CaseDefinition } from '../case.ts'
import { checkOp, checkOpForward, type OpCheck } from '../check-op.ts'
import { type OpSample, opSamples } from './op-samples.ts'
import { checkOfCall } from './samples/call-sample.ts'
import { callSamples } from './samples/index.ts'

/** Every check by the op that it is about. */
export const opChecks: ReadonlyMap<string, readonly OpCheck[]> = groupedByOp([
  ...opSamples.map((sample) => [sample.op, checkOf(sample)] as const),
  ...callSamples.map((sample) => [sample.op, checkOfCall(sample)] as const),
])

/** Every op on all its samples: forward, and its gradients of first and second order. */
export const opCases: readonly CaseDefinition[] = [...opChecks].flatMap(([op, checks]) => {
  const differentiable = checks.filter(({ hasGradient = true }) => hasGradient)
  return [
    caseOf(`ops: ${op}`, checks, checkOpForward),
    ...(differentiable.length === 0 ? [] : [caseOf(`gradients: ${op}`, differentiable, checkOp)]),
  ]
})

function groupedByOp(all: readonly (readonly [string, OpCheck])[]): Map<string, OpCheck[]> {
  const groups = new Map<string, OpCheck[]>()
  for (const [op, check] of all) groups.set(op, [...(groups.get(op) ?? []), check])
  return groups
}

function caseOf(
  name: string,
  checks: readonly OpCheck[],
  run: (check: OpCheck, backend: Backend) => Promise<void>,
): CaseDefinition {
  return {
    name,
    body: async ({ backend }) => {
      for (const check of checks) await run(check, backend)
    },
  }
}

function checkOf({ op, inputs, args = [], hasGradient = true }: OpSample): OpCheck {
  return {
    name: callText(op, args),
    apply: (xs) => applyGraphOp(op, xs, args),
    inputs,
    hasGradient,
  }
}

function callText(op: GraphOp, args: readonly unknown[]): string {
  return args.length === 0 ? op : `${op} ${args.map((arg) => JSON.stringify(arg)).join(' ')} `
}
