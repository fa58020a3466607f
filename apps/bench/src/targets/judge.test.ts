import { describe, expect, test } from 'vitest'
import type { CaseResult } from '../run.ts'
import { countVerdicts, formatLines } from './format-lines.ts'
import { judge } from './judge.ts'
import type { TargetCase } from './target.ts'

const target: TargetCase = {
  case: 'product',
  requirements: [
    { threads: 1, kind: 'share', atLeast: 0.5, goal: 0.9 },
    { threads: 1, kind: 'peer', peer: 'other', atLeast: 4 },
    { threads: 1, kind: 'time', atMostMs: 2 },
    { threads: 2, kind: 'own', atLeast: 1.5 },
    { threads: 2, kind: 'share', atLeast: 0.8, because: 'a record' },
  ],
}

const row = (subject: string, medianMs: number) => ({
  ...{ case: 'product', subject, medianMs, minMs: medianMs, runs: 3, flops: 1e6 },
})
const result: CaseResult = {
  rows: [row('ours', 2), row('ours×2', 1), row('other', 6)],
  absentees: [],
  meter: { title: 'simd-rate', unit: 'flops', perSecond: 1e9 },
}
const meter = 'R'
const both = new Map([
  [1, 'ours'],
  [2, 'ours×2'],
])

describe('judge', () => {
  test('compares with the core, the peers and one thread', () => {
    const [one, two] = judge(target, result, { meter, ours: both, peers: ['other', 'absent'] })
    expect(one).toMatchObject({
      threads: 1,
      medianMs: 2,
      rate: 5e8,
      share: 0.5,
      peers: { other: 3 },
    })
    expect(one?.verdicts).toEqual([
      { target: '≥ 0.5 R (goal 0.9)', got: '0.500 R', met: true },
      { target: '≥ 4 × other', got: '3.00 ×', met: false },
      { target: '≤ 2 ms', got: '2.00 ms', met: true },
    ])
    expect(two?.verdicts).toEqual([
      { target: '≥ 1.5 × one thread', got: '2.00 ×', met: true },
      { target: '≥ 0.8 R (a record)', got: '1.00 R', met: true },
    ])
  })

  test('says what was not measured', () => {
    const ours = new Map([[1, 'ours']])
    const [, two] = judge(target, result, { meter, ours, peers: [] })
    expect(two?.verdicts.map(({ got, met }) => [got, met])).toEqual(
      Array(2).fill(['not run with threads 2', undefined]),
    )
    const [one] = judge(target, result, { meter, ours, peers: [] })
    expect(one?.verdicts[1]).toEqual({ target: '≥ 4 × other', got: 'not measured' })
  })

  test('compares with what copying moves, and with rates', () => {
    const requirements: TargetCase['requirements'] = [
      { threads: 1, kind: 'rate', atLeast: 35e12, goal: 42e12 },
      { threads: 1, kind: 'share', atLeast: 0.6 },
    ]
    const copied: CaseResult = {
      rows: [{ ...row('ours', 2), flops: 72e9, bytes: 1e9 }],
      absentees: [{ subject: 'other', reason: 'has no float16' }],
      meter: { title: 'copy-4', unit: 'bytes', perSecond: 1e12 },
    }
    const names = { meter: 'copy', ours: new Map([[1, 'ours']]), peers: ['other'] }
    const lines = judge({ case: 'product', requirements }, copied, names)
    expect(lines[0]).toMatchObject({ rate: 36e12, bandwidth: 5e11, share: 0.5 })
    expect(lines[0]?.verdicts).toEqual([
      { target: '≥ 35.0 TFLOP/s (goal 42.0 TFLOP/s)', got: '36.0 TFLOP/s', met: true },
      { target: '≥ 0.6 copy', got: '0.500 copy', met: false },
    ])
    const [head, first, note] = formatLines(lines, names).split('\n')
    expect(head).toMatch(/^case +median ms +TFLOP\/s +GB\/s +of copy +× other {2}targets$/)
    expect(first).toMatch(/^product +2\.00 +36\.0 +500 +0\.50 +≥ 35/)
    expect(note).toBe('product, other: has no float16')
  })

  test('says why we or a peer could not run it', () => {
    const absentees = [
      { subject: 'ours', reason: 'has no float16' },
      { subject: 'other', reason: 'failed: lost' },
    ]
    const names = { meter, ours: new Map([[1, 'ours']]), peers: ['other'] }
    const [absent] = judge(target, { ...result, rows: [], absentees }, names)
    expect(absent?.verdicts.map(({ got }) => got)).toEqual(Array(3).fill('has no float16'))
    const [alone] = judge(target, { ...result, absentees, rows: [row('ours', 2)] }, names)
    expect(alone?.verdicts[1]).toEqual({ target: '≥ 4 × other', got: 'failed: lost' })
  })

  test('a failure is the answer to every requirement', () => {
    const lines = judge(target, { failure: 'failed: wrong' }, { meter, ours: both, peers: [] })
    const verdicts = lines.flatMap((line) => line.verdicts)
    expect(verdicts.map(({ got }) => got)).toEqual(Array(5).fill('failed: wrong'))
  })
})

test('lines become a table with the targets behind it', () => {
  const lines = judge(target, result, { meter, ours: new Map([[1, 'ours']]), peers: ['other'] })
  const [head, first, second] = formatLines(lines, { meter, peers: ['other'] }).split('\n')
  expect(head).toMatch(/^case +threads +median ms +GFLOP\/s +of R +× other {2}targets$/)
  expect(first).toMatch(
    /^product +1 +2\.00 +0\.500 +0\.50 +3\.00 {2}≥ 0\.5 R \(goal 0\.9\): met \(0\.500 R\); ≥ 4 × other: MISSED \(3\.00 ×\); /,
  )
  expect(second).toMatch(/^product +2 .*≥ 1\.5 × one thread: not run with threads 2; /)
  expect(countVerdicts(lines)).toBe('2 met, 1 missed, 2 not measured')
})
