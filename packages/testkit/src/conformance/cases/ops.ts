import { applyGraphOp, type GraphOp } from '../../random-graphs/graph-ops.ts'
import type { CaseDefinition } from '../case.ts'
import { checkOp, checkOpForward, type OpCheck } from '../check-op.ts'
import { type OpSample, opSamples } from './op-samples.ts'
import { checkOfCall } from './samples/call-sample.ts'
import { callSamples } from './samples/index.ts'

/** Every check, with the op that it is about. */
const opChecks: readonly { readonly op: string; readonly check: OpCheck }[] = [
  ...opSamples.map((sample) => ({ op: sample.op, check: checkOf(sample) })),
  ...callSamples.map((sample) => ({ op: sample.op, check: checkOfCall(sample) })),
]

/** Every op on all its samples: forward, and its gradients of first and second order. */
export const opCases: readonly CaseDefinition[] = [
  ...new Set(opChecks.map(({ op }) => op)),
].flatMap((op) => {
  const checks = opChecks.filter((one) => one.op === op).map(({ check }) => check)
  const differentiable = checks.filter(({ hasGradient = true }) => hasGradient)
  return [
    caseOf(`ops: ${op}`, checks, checkOpForward),
    ...(differentiable.length === 0 ? [] : [caseOf(`gradients: ${op}`, differentiable, checkOp)]),
  ]
})

function caseOf(name: string, checks: readonly OpCheck[], run: typeof checkOp): CaseDefinition {
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
