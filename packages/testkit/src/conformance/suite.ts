import type { Backend } from '@tensorweft/core'
import type { CaseContext, CaseDefinition, ConformanceCase } from './case.ts'
import { accuracyCases } from './cases/accuracy-cases.ts'
import { bufferCases } from './cases/buffers.ts'
import { determinismCases } from './cases/determinism-cases.ts'
import { errorCases } from './cases/error-cases.ts'
import { goldenCases } from './cases/golden-cases.ts'
import { type InstructionUlps, instructionCases } from './cases/instructions.ts'
import { kernelCases } from './cases/kernels.ts'
import { memoryCases } from './cases/memory-cases.ts'
import { migrationCases } from './cases/migration-cases.ts'
import { numberCases } from './cases/number-cases.ts'
import { opCases } from './cases/ops.ts'
import { parameterCases } from './cases/parameter-cases.ts'
import { randomGraphCases } from './cases/random-cases.ts'
import { shapeCases } from './cases/shape-cases.ts'
import { ConformanceError } from './conformance-error.ts'

/** Makes a backend to be checked. */
export type BackendFactory = () => Backend | Promise<Backend>

export interface ConformanceOptions {
  /**
   * Reasons by case name for what the backend is known not to do. A name may end in `*`. Such cases
   * run too, and must fail: a skip that is no longer needed is an error.
   */
  readonly skips?: Readonly<Record<string, string>>
  /** Accuracy that the backend states, where it differs from the contract's. */
  readonly ulps?: InstructionUlps
  /** Beginnings of names: only such cases, for work on a backend. */
  readonly only?: readonly string[]
  /** Random graphs per way of running them, by default 100. */
  readonly randomGraphs?: number
}

/** The cases for one backend, which they share, and the end of it. */
export interface ConformanceSuite {
  readonly cases: readonly ConformanceCase[]
  dispose(): Promise<void>
}

/**
 * The cases that a backend must pass, as data for any test runner. Unless one is given, the backend
 * is created when the first case runs; call `dispose` after the last.
 *
 * What capabilities rule out is in the cases' `skip` only if a backend is given.
 */
export function conformanceSuite(
  create: BackendFactory,
  options: ConformanceOptions = {},
  backend?: Backend,
): ConformanceSuite {
  let shared = backend === undefined ? undefined : Promise.resolve(backend)
  const context = async (): Promise<CaseContext> => {
    shared ??= Promise.resolve(create())
    return { backend: await shared, create: async () => create() }
  }
  const definitions = definitionsFor(options)
  const skips = new Map(Object.entries(options.skips ?? {}))
  const reasonFor = ({ name, unless }: CaseDefinition) =>
    skipOf(name, options.skips) ?? (backend && unless?.(backend.capabilities))
  return {
    cases: [
      ...definitions.map((one) => caseOf(one, reasonFor(one), context)),
      skipsCase(definitions, skips),
    ],
    dispose: async () => {
      await (await shared)?.dispose()
    },
  }
}

function definitionsFor(options: ConformanceOptions): CaseDefinition[] {
  const { ulps, randomGraphs = 100, only = [''] } = options
  const all = [
    ...bufferCases,
    ...instructionCases(ulps),
    ...kernelCases,
    ...opCases,
    ...errorCases,
    ...goldenCases,
    ...accuracyCases,
    ...numberCases,
    ...shapeCases,
    ...parameterCases,
    ...determinismCases,
    ...migrationCases,
    ...memoryCases,
    ...randomGraphCases(randomGraphs),
  ]
  return all.filter(({ name }) => only.some((beginning) => name.startsWith(beginning)))
}

function caseOf(
  { name, unless, body }: CaseDefinition,
  skip: string | undefined,
  context: () => Promise<CaseContext>,
): ConformanceCase {
  return {
    name,
    ...(skip === undefined ? {} : { skip }),
    run: async () => {
      const given = await context()
      const reason = skip ?? unless?.(given.backend.capabilities)
      if (reason === undefined) return body(given)
      await expectFailure(name, reason, () => body(given))
    },
  }
}

async function expectFailure(name: string, reason: string, body: () => Promise<void>) {
  try {
    await body()
  } catch {
    return
  }
  throw new ConformanceError(`${name} passes, although it is skipped: ${reason}`)
}

/** Why the case of this name is skipped; undefined if it is not. */
export function skipOf(name: string, skips: ConformanceOptions['skips'] = {}): string | undefined {
  return Object.entries(skips).find(([pattern]) => matches(pattern, name))?.[1]
}

function matches(pattern: string, name: string): boolean {
  return pattern.endsWith('*') ? name.startsWith(pattern.slice(0, -1)) : name === pattern
}

function skipsCase(
  definitions: readonly CaseDefinition[],
  skips: ReadonlyMap<string, string>,
): ConformanceCase {
  return {
    name: 'skips: every skip names a case',
    run: async () => {
      const idle = [...skips.keys()].filter(
        (pattern) => !definitions.some(({ name }) => matches(pattern, name)),
      )
      if (idle.length > 0) throw new ConformanceError(`no case is named ${idle.join(', ')}`)
    },
  }
}
