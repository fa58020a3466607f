import { expect, test } from 'vitest'
import type { CapabilityReport } from './capability.ts'
import { formatCapabilityReport } from './format-capability-report.ts'

const none = { runsAs: [], lacks: [] }

const first: CapabilityReport = {
  backend: 'first',
  dtypes: [{ name: 'float64', support: 'unsupported', reason: 'not in its capabilities', ...none }],
  kernels: [{ name: 'row', support: 'decomposed', runsAs: ['map', 'reduce'], lacks: [] }],
  functions: [
    { name: 'exp float64', support: 'unsupported', reason: 'no float64', ...none },
    { name: 'log float64', support: 'unsupported', reason: 'no float64', ...none },
  ],
  ops: [
    { name: 'softmax', support: 'decomposed', runsAs: ['map', 'reduce'], lacks: ['row', 'exp'] },
    { name: 'add', support: 'generated', runsAs: ['map'], lacks: [] },
  ],
  gradients: [],
}

const second: CapabilityReport = {
  ...first,
  backend: 'second',
  functions: [],
  ops: [
    { name: 'softmax', support: 'native', runsAs: ['custom'], lacks: [] },
    { name: 'add', support: 'generated', runsAs: ['map'], lacks: [] },
  ],
}

test('a table has a row for each thing, and a column for each backend', () => {
  const lines = formatCapabilityReport(first, second).split('\n')
  expect(lines).toContain('| op | first | second |')
  expect(lines).toContain(
    '| softmax | decomposed: map, reduce instead of row, exp | native: custom |',
  )
  expect(lines).toContain('| add | generated: map | generated: map |')
  expect(lines).toContain('|  | 1 generated, 1 decomposed | 1 native, 1 generated |')
  expect(lines).toContain('| row | decomposed: map, reduce | decomposed: map, reduce |')
})

test('what a report does not hold is a dash', () => {
  expect(formatCapabilityReport(first, second)).toContain('| exp float64 | unsupported | – |')
})

test('reasons stand below, each once', () => {
  const text = formatCapabilityReport(first)
  expect(text).toContain(
    '- first, function exp float64, function log float64: unsupported, no float64',
  )
  expect(text.match(/no float64/g)).toHaveLength(1)
})
