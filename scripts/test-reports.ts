// What vitest reported for each package.
import { globSync, readFileSync } from 'node:fs'
import { relative } from 'node:path'

export interface TestCounts {
  passed: number
  failed: number
  skipped: number
  /** Each that failed: file, name and the first line of its error. */
  readonly failures: string[]
}

/** What is used of vitest's report. */
interface TestReport {
  readonly numPassedTests: number
  readonly numFailedTests: number
  readonly numPendingTests: number
  readonly numTodoTests: number
  readonly testResults: readonly {
    readonly name: string
    readonly status: string
    readonly message: string
    readonly assertionResults: readonly {
      readonly fullName: string
      readonly status: string
      readonly failureMessages?: readonly string[]
    }[]
  }[]
}

export const testReports = () => globSync('{packages,apps}/*/.cache/tests.json')

/** Adds up the tests of all packages. */
export function countTests(): TestCounts {
  const counts: TestCounts = { passed: 0, failed: 0, skipped: 0, failures: [] }
  for (const path of testReports()) {
    const report: TestReport = JSON.parse(readFileSync(path, 'utf8'))
    counts.passed += report.numPassedTests
    counts.failed += report.numFailedTests
    counts.skipped += report.numPendingTests + report.numTodoTests
    counts.failures.push(...failuresOf(report))
  }
  return counts
}

/** A file that could not be run counts as a failure although none of its tests does. */
function* failuresOf(report: TestReport): Generator<string> {
  const firstLine = (text = '') => text.split('\n', 1)[0]
  for (const { name, status, message, assertionResults } of report.testResults) {
    const file = relative('.', name)
    const failed = assertionResults.filter((result) => result.status === 'failed')
    for (const { fullName, failureMessages } of failed) {
      yield `${file}: ${fullName}: ${firstLine(failureMessages?.[0])}`
    }
    if (status === 'failed' && failed.length === 0) yield `${file}: ${firstLine(message)}`
  }
}
