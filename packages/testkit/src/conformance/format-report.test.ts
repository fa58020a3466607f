import { expect, test } from 'vitest'
import { formatReport, formatReports } from './format-report.ts'
import type { ConformanceReport } from './run-conformance.ts'

const good: ConformanceReport = {
  backend: 'good',
  results: [
    { name: 'buffers: copies', status: 'passed', elapsedMs: 1 },
    { name: 'ops: add', status: 'passed', elapsedMs: 1 },
    { name: 'ops: sub', status: 'passed', elapsedMs: 1 },
  ],
  passed: 3,
  failed: 0,
  skipped: 0,
}

const other: ConformanceReport = {
  backend: 'other',
  results: [
    { name: 'ops: add', status: 'passed', elapsedMs: 1 },
    { name: 'ops: sub', status: 'failed', reason: 'off by 1', elapsedMs: 1 },
    { name: 'ops: exp', status: 'skipped', reason: 'small results are 0', elapsedMs: 1 },
  ],
  passed: 1,
  failed: 1,
  skipped: 1,
}

test('a report is a line, and two for each case that did not pass', () => {
  expect(formatReport(good)).toBe('good: 3 passed, 0 failed, 0 skipped')
  expect(formatReport(other).split('\n').slice(1)).toEqual([
    'failed  ops: sub',
    '        off by 1',
    'skipped ops: exp',
    '        small results are 0',
  ])
})

test('several reports are a table by groups of cases', () => {
  expect(formatReports(good, other).split('\n')).toEqual([
    '| cases | good | other |',
    '| --- | --- | --- |',
    '| buffers | 1 passed | – |',
    '| ops | 2 passed | 1 passed, 1 failed, 1 skipped |',
    '| all | 3 passed | 1 passed, 1 failed, 1 skipped |',
  ])
})
