import type { Backend } from '@tensorweft/core'
import type { CaseContext, CaseDefinition } from '../conformance/case.ts'
import { ConformanceError } from '../conformance/conformance-error.ts'
import { type BackendFactory, type ConformanceOptions, skipOf } from '../conformance/suite.ts'

/** What is checked, and which deviations of the backend are known. */
export interface CapabilityContext extends Pick<ConformanceOptions, 'skips' | 'ulps'> {
  readonly backend: Backend
  readonly create: BackendFactory
}

/** What running a case has shown. */
export type Evidence =
  | { readonly isRight: true; readonly reason?: string }
  | { readonly isRight: false; readonly reason: string }

/**
 * Runs something. Wrong values that the backend is known to give leave it right, with the reason;
 * an error does not.
 */
export async function evidenceOf(
  name: string,
  { skips }: Pick<ConformanceOptions, 'skips'>,
  body: () => Promise<void>,
  prefix = '',
): Promise<Evidence> {
  try {
    await body()
    return { isRight: true }
  } catch (error) {
    const skip = skipOf(name, skips)
    if (skip !== undefined && error instanceof ConformanceError) {
      return { isRight: true, reason: skip }
    }
    const message = error instanceof Error ? error.message : String(error)
    return { isRight: false, reason: skip ?? prefix + message }
  }
}

/** Runs those cases that the backend's capabilities do not rule out; one at least must be left. */
export async function evidenceOfCases(
  cases: readonly CaseDefinition[],
  given: CapabilityContext,
): Promise<Evidence> {
  const { backend, create } = given
  const context: CaseContext = { backend, create: async () => create() }
  const [all, ruledOut]: [Evidence[], string[]] = [[], []]
  for (const { name, unless, body } of cases) {
    const reason = unless?.(backend.capabilities)
    if (reason !== undefined) ruledOut.push(reason)
    else all.push(await evidenceOf(name, given, () => body(context), `${name}: `))
  }
  if (all.length > 0) return together(all)
  return { isRight: false, reason: `nothing can show it: ${ruledOut[0] ?? 'no case'}` }
}

/** The first failure; else right, with everything that is known to be off. */
export function together(all: readonly Evidence[]): Evidence {
  const failure = all.find(({ isRight }) => !isRight)
  if (failure !== undefined) return failure
  const reasons = new Set(all.flatMap(({ reason }) => reason ?? []))
  return { isRight: true, ...(reasons.size === 0 ? {} : { reason: [...reasons].join('; ') }) }
}
