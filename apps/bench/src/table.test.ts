import { describe, expect, test } from 'vitest'
import { formatTable, machineRate, rate } from './table.ts'

const rows = [
  { case: 'mlp-sgd', subject: 'tensorweft/cpu', medianMs: 20, minMs: 19.5, runs: 100, flops: 8e7 },
  { case: 'mlp-sgd', subject: 'tfjs-cpu', medianMs: 152.4, minMs: 148, runs: 14, flops: 8e7 },
]

const simdRate = { title: 'simd-rate', unit: 'flops', perSecond: 40e9 } as const

describe('formatTable', () => {
  test('aligns the columns and compares with the first row', () => {
    expect(formatTable({ rows, absentees: [] }).split('\n')).toEqual([
      'subject         median ms  min ms  runs  GFLOP/s  time / tensorweft/cpu',
      'tensorweft/cpu       20.0    19.5   100     4.00                   1.00',
      'tfjs-cpu              152     148    14    0.525                   7.62',
    ])
  })

  test('adds the share of what the core can do where that is known', () => {
    const [heading, first] = formatTable({ rows, absentees: [] }, simdRate).split('\n')
    expect(heading).toContain('of simd-rate')
    expect(first).toMatch(/ 4\.00 +0\.10 +1\.00$/)
  })

  test('gives bytes and their share of what copying moves, and TFLOP/s where there are so many', () => {
    const fast = { case: 'x', subject: 'a', medianMs: 1, minMs: 1, runs: 3 }
    const copy = { title: 'copy', unit: 'bytes', perSecond: 400e9 } as const
    const moved = formatTable({ rows: [{ ...fast, bytes: 1e8 }], absentees: [] }, copy)
    expect(moved.split('\n')).toEqual([
      'subject  median ms  min ms  runs  GB/s  of copy  time / a',
      'a             1.00    1.00     3   100     0.25      1.00',
    ])
    const counted = formatTable({ rows: [{ ...fast, flops: 36.4e9 }], absentees: [] }, copy)
    expect(counted.split('\n')).toEqual([
      'subject  median ms  min ms  runs  TFLOP/s  time / a',
      'a             1.00    1.00     3     36.4      1.00',
    ])
  })

  test('has no rate where operations are not counted', () => {
    const [row] = rows
    const plain = { case: 'x', subject: 'y', medianMs: 1, minMs: 1, runs: 1 }
    const table = formatTable({ rows: [plain], absentees: [] }, simdRate)
    expect(table).not.toContain('GFLOP/s')
    expect(table).not.toContain('of simd-rate')
    expect(row && rate(row)).toBe(4e9)
    expect(row && rate(row, 'bytes')).toBeUndefined()
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

  test('takes a measured machine as what others are compared with', () => {
    expect(machineRate({ rows, absentees: [] })).toEqual({
      ...{ title: 'mlp-sgd', unit: 'flops', perSecond: 4e9 },
    })
    expect(machineRate({ rows: [], absentees: [] })).toBeUndefined()
  })

  test('says when there is nothing to show', () => {
    expect(formatTable({ rows: [], absentees: [] })).toBe('(no subject ran)')
  })
})
