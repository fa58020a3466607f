import { describe, expect, test } from 'vitest'
import { formatTable, rate } from './table.ts'

const rows = [
  { case: 'mlp-sgd', subject: 'tensorweft/cpu', medianMs: 20, minMs: 19.5, runs: 100, flops: 8e7 },
  { case: 'mlp-sgd', subject: 'tfjs-cpu', medianMs: 152.4, minMs: 148, runs: 14, flops: 8e7 },
]

describe('formatTable', () => {
  test('aligns the columns and compares with the first row', () => {
    expect(formatTable({ rows, absentees: [] }).split('\n')).toEqual([
      'subject         median ms  min ms  runs  GFLOP/s  time / tensorweft/cpu',
      'tensorweft/cpu       20.0    19.5   100     4.00                   1.00',
      'tfjs-cpu              152     148    14    0.525                   7.62',
    ])
  })

  test('adds the share of what the core can do where that is known', () => {
    const [heading, first] = formatTable({ rows, absentees: [] }, 40e9).split('\n')
    expect(heading).toContain('of simd-rate')
    expect(first).toMatch(/ 4\.00 +0\.10 +1\.00$/)
  })

  test('has no rate where operations are not counted', () => {
    const [row] = rows
    const plain = { case: 'x', subject: 'y', medianMs: 1, minMs: 1, runs: 1 }
    const table = formatTable({ rows: [plain], absentees: [] }, 1e9)
    expect(table).not.toContain('GFLOP/s')
    expect(table).not.toContain('of simd-rate')
    expect(row && rate(row)).toBe(4e9)
  })

  test('is in microseconds where the first row is far below a millisecond', () => {
    const fast = { case: 'op-overhead', subject: 'a', medianMs: 0.0004, minMs: 0.0003, runs: 9 }
    const slow = { ...fast, subject: 'b', medianMs: 0.12, minMs: 0.1 }
    expect(formatTable({ rows: [fast, slow], absentees: [] }).split('\n')).toEqual([
      'subject  median µs  min µs  runs  time / a',
      'a            0.400   0.300     9      1.00',
      'b              120     100     9    300.00',
    ])
  })

  test('names those who cannot run the case, with the reason', () => {
    const absentees = [{ subject: 'tfjs-wasm', reason: 'no gradient' }]
    expect(formatTable({ rows, absentees }).split('\n')[3]).toBe('tfjs-wasm: no gradient')
    expect(formatTable({ rows: [], absentees })).toBe('(no subject ran)\ntfjs-wasm: no gradient')
  })

  test('says when there is nothing to show', () => {
    expect(formatTable({ rows: [], absentees: [] })).toBe('(no subject ran)')
  })
})
