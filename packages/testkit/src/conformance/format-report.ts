import { markdownTable } from '../markdown-table.ts'
import type { CaseResult, ConformanceReport } from './run-conformance.ts'

/** The report as text: how many cases passed, and one line for each that did not. */
export function formatReport({
  backend,
  results,
  passed,
  failed,
  skipped,
}: ConformanceReport): string {
  const lines = results
    .filter(({ status }) => status !== 'passed')
    .map(({ name, status, reason = '' }) => `${status.padEnd(8)}${name}\n        ${reason}`)
  return [`${backend}: ${passed} passed, ${failed} failed, ${skipped} skipped`, ...lines].join('\n')
}

/**
 * What became of the cases of several backends, as a table in Markdown: a row for each group, such
 * as `kernels`, and a column for each report.
 */
export function formatReports(...reports: readonly ConformanceReport[]): string {
  const groups = new Set(reports.flatMap(({ results }) => results.map(groupOf)))
  const rows = [...groups].map((group) => [
    group,
    ...reports.map(({ results }) => countsOf(results.filter((one) => groupOf(one) === group))),
  ])
  const all = ['all', ...reports.map(({ results }) => countsOf(results))]
  return markdownTable(['cases', ...reports.map(({ backend }) => backend)], [...rows, all])
}

function groupOf({ name }: CaseResult): string {
  return name.slice(0, name.indexOf(':'))
}

/** `12 passed, 1 failed`. */
function countsOf(results: readonly CaseResult[]): string {
  const counts = (['passed', 'failed', 'skipped'] as const).flatMap((status) => {
    const count = results.filter((result) => result.status === status).length
    return count === 0 ? [] : `${count} ${status}`
  })
  return counts.length === 0 ? '–' : counts.join(', ')
}
