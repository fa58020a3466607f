import {
  type DType,
  dtypes,
  type KernelKind,
  type ScalarFunction,
  scalarFunctions,
} from '@tensorweft/core'
import { instructionCases } from '../conformance/cases/instructions.ts'
import { kernelCases } from '../conformance/cases/kernels.ts'
import { opChecks } from '../conformance/cases/ops.ts'
import { checkOpForward } from '../conformance/check-op.ts'
import { recordBackend } from '../recording/record-backend.ts'
import type { Capability } from './capability.ts'
import {
  type CapabilityContext,
  type Evidence,
  evidenceOf,
  evidenceOfCases,
} from './case-evidence.ts'
import type { OpEvidence } from './op-capabilities.ts'
import { generatedKinds, inOrder, piecesOf } from './plan-pieces.ts'

/** A dtype is native where all instructions are right on it. */
export async function dtypeCapabilities(context: CapabilityContext): Promise<Capability[]> {
  const cases = instructionCases(context.ulps).filter(({ name }) => functionOf(name) === undefined)
  const all: Capability[] = []
  for (const dtype of dtypes) {
    const own = cases.filter(({ name }) => name.endsWith(` ${dtype}`))
    const isListed = context.backend.capabilities.dtypes.includes(dtype)
    all.push(
      isListed
        ? await nativeIfRight(dtype, () => evidenceOfCases(own, context))
        : unsupported(dtype, 'not in its capabilities'),
    )
  }
  return all
}

/** The function that a case of instructions is about. */
function functionOf(caseName: string): ScalarFunction | undefined {
  return scalarFunctions.find((name) => caseName.startsWith(`instructions: ${name} `))
}

/** A function is native where it is claimed and right; else its op shows what core makes of it. */
export async function functionCapabilities(context: CapabilityContext): Promise<Capability[]> {
  const cases = instructionCases(context.ulps)
  const all: Capability[] = []
  for (const fn of scalarFunctions) {
    for (const dtype of ['float32', 'float64'] as const) {
      const name = `${fn} ${dtype}`
      const own = cases.filter((one) => one.name === `instructions: ${name}`)
      const { dtypes: known, functions } = context.backend.capabilities
      if (!known.includes(dtype)) all.push(unsupported(name, `no ${dtype}`))
      else if (!functions.includes(fn)) all.push(await expanded(fn, dtype, context))
      else all.push(await nativeIfRight(name, () => evidenceOfCases(own, context)))
    }
  }
  return all
}

async function expanded(
  fn: ScalarFunction,
  dtype: DType,
  context: CapabilityContext,
): Promise<Capability> {
  const recording = recordBackend(context.backend)
  const { isRight, reason } = await evidenceOf(`ops: ${fn}`, context, async () => {
    for (const check of opChecks.get(fn) ?? []) await checkOpForward(check, recording, [dtype])
  })
  return {
    name: `${fn} ${dtype}`,
    support: isRight ? 'decomposed' : 'unsupported',
    runsAs: [...piecesOf(recording.plans).instructions],
    lacks: [],
    ...(reason === undefined ? {} : { reason }),
  }
}

/** A kind is native where it is claimed and right; else ops show what core makes of it. */
export async function kernelCapabilities(
  context: CapabilityContext,
  ops: readonly OpEvidence[],
): Promise<Capability[]> {
  const all: Capability[] = []
  for (const kind of [...generatedKinds, 'gather'] as const) {
    const own = kernelCases.filter(({ name }) => new RegExp(`^kernels: ${kind}\\b`).test(name))
    const isListed = kind === 'gather' || context.backend.capabilities.kernels.includes(kind)
    all.push(
      isListed
        ? await nativeIfRight(kind, () => evidenceOfCases(own, context))
        : lowered(kind, ops),
    )
  }
  return [...all, handWritten(context, ops)]
}

/** A kind that the backend does not claim, by the ops that would run in such kernels. */
function lowered(kind: KernelKind, ops: readonly OpEvidence[]): Capability {
  if (ops.some(({ pieces }) => pieces.kernels.has(kind))) {
    return unsupported(kind, 'not in its capabilities, although core needs it of every backend')
  }
  const users = ops.filter(({ complete }) => complete.kernels.has(kind))
  const right = users.filter(({ capability }) => capability.support === 'decomposed')
  if (right.length === 0) {
    return unsupported(kind, users[0]?.capability.reason ?? 'not in its capabilities')
  }
  const instead = right.flatMap(({ pieces, complete }) =>
    [...pieces.kernels].filter((own) => !complete.kernels.has(own)),
  )
  return { name: kind, support: 'decomposed', runsAs: inOrder(instead), lacks: [] }
}

/** Kernels that are registered for ops. */
function handWritten({ backend }: CapabilityContext, ops: readonly OpEvidence[]): Capability {
  if (!backend.capabilities.kernels.includes('custom')) {
    return unsupported('custom', 'not in its capabilities: it takes no kernels written by hand')
  }
  const name = 'custom'
  const isSeen = ops.some(({ pieces }) => pieces.kernels.has(name))
  const reason = 'no kernel is registered: by its capabilities alone'
  return { name, support: 'native', runsAs: [], lacks: [], ...(isSeen ? {} : { reason }) }
}

async function nativeIfRight(name: string, run: () => Promise<Evidence>): Promise<Capability> {
  const { isRight, reason } = await run()
  const support = isRight ? 'native' : 'unsupported'
  return { name, support, runsAs: [], lacks: [], ...(reason === undefined ? {} : { reason }) }
}

function unsupported(name: string, reason: string): Capability {
  return { name, support: 'unsupported', runsAs: [], lacks: [], reason }
}
