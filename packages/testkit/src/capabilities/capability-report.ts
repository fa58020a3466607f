import type { DType } from '@tensorweft/core'
import { opChecks } from '../conformance/cases/ops.ts'
import type { BackendFactory, ConformanceOptions } from '../conformance/suite.ts'
import type { Capability, CapabilityReport } from './capability.ts'
import type { CapabilityContext } from './case-evidence.ts'
import { gradientChecks, type OpEvidence, tryOp } from './op-capabilities.ts'
import {
  dtypeCapabilities,
  functionCapabilities,
  kernelCapabilities,
} from './piece-capabilities.ts'

/**
 * Says what a backend does natively, generated or decomposed. What its capabilities list is checked:
 * kernel kinds, functions and dtypes by the cases of the conformance suite, ops and their gradients
 * by samples in every dtype of floats, whose values are compared and whose plans are looked at.
 *
 * @param options Known deviations and accuracy, as for `runConformance`: they become reasons.
 * @example
 * ```ts
 * const report = await capabilityReport(() => cpu())
 * console.log(formatCapabilityReport(report))
 * console.log(JSON.stringify(report))
 * ```
 */
export async function capabilityReport(
  create: BackendFactory,
  options: Pick<ConformanceOptions, 'skips' | 'ulps'> = {},
): Promise<CapabilityReport> {
  const backend = await create()
  const context: CapabilityContext = { ...options, backend, create }
  try {
    const ofDTypes = await dtypeCapabilities(context)
    const floats = floatsToTry(ofDTypes)
    const ops = await tryOps('ops', floats, context)
    const gradients = await tryOps('gradients', floats, context)
    return {
      backend: backend.name,
      dtypes: ofDTypes,
      kernels: await kernelCapabilities(context, [...ops, ...gradients]),
      functions: await functionCapabilities(context),
      ops: ops.map(({ capability }) => capability),
      gradients: gradients.map(({ capability }) => capability),
    }
  } finally {
    await backend.dispose()
  }
}

/** Those that the backend computes with; without any, ops show what it says. */
function floatsToTry(capabilities: readonly Capability[]): readonly DType[] {
  const native = capabilities.filter(({ support }) => support === 'native')
  const floats = (['float32', 'float64'] as const).filter((dtype) =>
    native.some(({ name }) => name === dtype),
  )
  return floats.length === 0 ? ['float32'] : floats
}

/** Every op of core, or its gradient. */
async function tryOps(
  group: 'ops' | 'gradients',
  floats: readonly DType[],
  context: CapabilityContext,
): Promise<OpEvidence[]> {
  const all: OpEvidence[] = []
  for (const [name, samples] of opChecks) {
    const checks = group === 'ops' ? samples : gradientChecks(samples)
    if (checks.length === 0) continue
    all.push(await tryOp({ name, caseName: `${group}: ${name}`, checks, floats }, context))
  }
  return all
}
