import {
  type AnyTensor,
  type Backend,
  type DType,
  gradients,
  isFloat,
  type Plan,
  realize,
  withBackend,
} from '@tensorweft/core'
import { weightedSum } from '../conformance/check-gradients.ts'
import { checkOpForward, inputsOf, type OpCheck } from '../conformance/check-op.ts'
import { recordBackend } from '../recording/record-backend.ts'
import type { Capability, Support } from './capability.ts'
import { type CapabilityContext, type Evidence, evidenceOf, together } from './case-evidence.ts'
import { CompleteBackend } from './complete-backend.ts'
import { inOrder, type PlanPieces, piecesOf } from './plan-pieces.ts'

/** What the samples of an op have shown. */
export interface OpEvidence {
  readonly capability: Capability
  /** Of the plans that the backend was given. */
  readonly pieces: PlanPieces
  /** Of the plans that a backend with every kind and function would be given. */
  readonly complete: PlanPieces
}

/** What is tried of an op. */
export interface OpTrial {
  readonly name: string
  /** Its case in the conformance suite, which may be known to fail. */
  readonly caseName: string
  readonly checks: readonly OpCheck[]
  /** In these dtypes, where floats are drawn. */
  readonly floats: readonly DType[]
}

/** Computes samples on the backend, and looks at the plans that core makes of them. */
export async function tryOp(
  { name, caseName, checks, floats }: OpTrial,
  context: CapabilityContext,
): Promise<OpEvidence> {
  const { backend } = context
  const recordings = checks.map((check) => ({ check, recording: recordBackend(backend) }))
  const evidence: Evidence[] = []
  for (const { check, recording } of recordings) {
    evidence.push(
      await evidenceOf(caseName, context, () => checkOpForward(check, recording, floats)),
    )
  }
  const complete = await piecesOnComplete(checks, floats)
  const pieces = piecesOf(recordings.flatMap(({ recording }) => recording.plans))
  const lacks = lackOf(complete, pieces, backend)
  const claimed = recordings.filter(({ recording }) => isHandWritten(recording.plans)).length
  const { isRight, reason } = together([...evidence, claimNote(claimed, checks.length)])
  return {
    pieces,
    complete,
    capability: {
      name,
      support: isRight ? supportOf(claimed, lacks) : 'unsupported',
      runsAs: inOrder(pieces.kernels),
      lacks,
      ...(reason === undefined ? {} : { reason }),
    },
  }
}

/** Whether nothing of it was generated. */
function isHandWritten(plans: readonly Plan[]): boolean {
  const kernels = plans.flatMap((plan) => plan.kernels)
  return kernels.length > 0 && kernels.every(({ kind }) => kind === 'custom')
}

function supportOf(claimed: number, lacks: readonly string[]): Support {
  if (claimed > 0) return 'native'
  return lacks.length > 0 ? 'decomposed' : 'generated'
}

function claimNote(claimed: number, samples: number): Evidence {
  if (claimed === 0 || claimed === samples) return { isRight: true }
  return { isRight: true, reason: `hand-written for ${claimed} of ${samples} samples` }
}

/** What the plans of a backend with everything hold, and the plans of this one do not. */
function lackOf(complete: PlanPieces, pieces: PlanPieces, { capabilities }: Backend): string[] {
  const { kernels, functions } = capabilities
  return [
    ...[...complete.kernels].filter((kind) => {
      return kind !== 'gather' && !pieces.kernels.has(kind) && !kernels.includes(kind)
    }),
    ...[...complete.functions].filter((name) => {
      return !pieces.functions.has(name) && !functions.includes(name)
    }),
  ]
}

async function piecesOnComplete(
  checks: readonly OpCheck[],
  floats: readonly DType[],
): Promise<PlanPieces> {
  const complete = new CompleteBackend()
  for (const float of floats) {
    for (const check of checks) {
      const result = check.apply(inputsOf(check, float))
      await withBackend(complete, () => realize(result))
    }
  }
  return piecesOf(complete.plans)
}

/** A check for the gradient by each of its inputs that is differentiable. */
export function gradientChecks(checks: readonly OpCheck[]): OpCheck[] {
  return checks.flatMap((check) => {
    const { name, apply, inputs, hasGradient = true } = check
    if (!hasGradient) return []
    return inputs.flatMap(({ dtype = 'float32' }, i) => {
      if (!isFloat(dtype)) return []
      return { name: `${name}, gradient ${i}`, inputs, apply: slopeOf(apply, i) }
    })
  })
}

function slopeOf(apply: OpCheck['apply'], number: number): OpCheck['apply'] {
  return (xs) => {
    const x: AnyTensor | undefined = xs[number]
    if (x === undefined) throw new Error(`a check without input ${number}`)
    const [slope] = gradients(weightedSum(apply(xs), 1), [x])
    if (slope === undefined) throw new Error(`no gradient by input ${number}`)
    return slope
  }
}
