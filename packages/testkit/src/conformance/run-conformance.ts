import type { ConformanceCase } from './case.ts'
import { type BackendFactory, type ConformanceOptions, conformanceSuite } from './suite.ts'

/** What became of one case. */
export interface CaseResult {
  readonly name: string
  readonly status: 'passed' | 'failed' | 'skipped'
  /** Why it was skipped, or how it failed. */
  readonly reason?: string
  readonly elapsedMs: number
}

/** What a backend does and does not do: plain data, ready for JSON. */
export interface ConformanceReport {
  readonly backend: string
  readonly results: readonly CaseResult[]
  readonly passed: number
  readonly failed: number
  readonly skipped: number
}

/**
 * Runs every case on a backend and reports. Nothing is thrown for cases that fail.
 *
 * @example
 * ```ts
 * const report = await runConformance(() => cpu(), { only: ['buffers'] })
 * console.log(formatReport(report))
 * ```
 */
export async function runConformance(
  create: BackendFactory,
  options: ConformanceOptions = {},
): Promise<ConformanceReport> {
  const backend = await create()
  const suite = conformanceSuite(create, options, backend)
  const results: CaseResult[] = []
  try {
    for (const one of suite.cases) results.push(await resultOf(one))
  } finally {
    await suite.dispose()
  }
  const count = (status: CaseResult['status']) =>
    results.filter((result) => result.status === status).length
  return {
    backend: backend.name,
    results,
    passed: count('passed'),
    failed: count('failed'),
    skipped: count('skipped'),
  }
}

async function resultOf({ name, skip, run }: ConformanceCase): Promise<CaseResult> {
  const start = Date.now()
  try {
    await run()
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    return { name, status: 'failed', reason, elapsedMs: Date.now() - start }
  }
  const elapsedMs = Date.now() - start
  return skip === undefined
    ? { name, status: 'passed', elapsedMs }
    : { name, status: 'skipped', reason: skip, elapsedMs }
}
