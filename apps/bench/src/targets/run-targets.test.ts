import { expect, test } from 'vitest'
import type { MeasureLimits } from '../measure.ts'
import { fakeSubject } from '../subject.testing.ts'
import { backends } from '../subjects/tensorweft/index.ts'
import { runTargets } from './run-targets.ts'
import type { TargetSet } from './target.ts'

const limits: MeasureLimits = {
  ...{ warmUpMs: 0, budgetMs: 0, minRounds: 2, maxRounds: 2, maxBurst: 1, slowMs: 50_000 },
}

const set: TargetSet = {
  name: 'small-targets',
  backend: 'cpu',
  peers: ['zero'],
  meter: { case: 'simd-rate', symbol: 'R' },
  machine: ['simd-rate'],
  cases: [
    {
      case: 'matmul-3x5x7',
      peers: [],
      requirements: [{ threads: 1, kind: 'share', atLeast: 1e-9 }],
    },
    {
      case: 'matmul-2x2x2',
      requirements: [{ threads: 1, kind: 'peer', peer: 'zero', atLeast: 1 }],
    },
  ],
  studies: [],
}

test('each case gets a line; a peer with a wrong result is left out', async () => {
  const subject = await backends.get('cpu')?.({ threads: 1 })
  if (subject === undefined) throw new Error('no backend')
  const wrong = fakeSubject({
    name: 'zero',
    matmul: async () => ({
      step: async () => {},
      result: async () => new Float32Array(4),
      dispose: async () => {},
    }),
  })
  const printed: string[] = []
  const participants = { ours: [subject], peers: [wrong] }
  const { rows, lines } = await runTargets(set, participants, (text) => printed.push(text), limits)
  expect(rows.map((row) => `${row.case} ${row.subject}`)).toEqual([
    'simd-rate wasm-simd',
    'matmul-3x5x7 tensorweft/cpu',
    'matmul-2x2x2 tensorweft/cpu',
  ])
  expect(lines.map(({ case: name, threads }) => [name, threads])).toEqual([
    ['matmul-3x5x7', 1],
    ['matmul-2x2x2', 1],
  ])
  expect(lines[0]?.verdicts).toMatchObject([{ target: '≥ 1e-9 R', met: true }])
  expect(lines[1]?.verdicts[0]?.got).toMatch(/^failed: matmul-2x2x2, zero: computed 0 at 0/)
  expect(lines[1]?.medianMs).toBeGreaterThan(0)
  expect(printed.join('\n')).toContain('matmul-3x5x7: float32 product of')
  await subject.dispose()
})

test('a wrong result of ours costs only the figures of its case', async () => {
  const ours = fakeSubject({
    matmul: async ({ rows, columns }) => ({
      step: async () => {},
      result: async () => new Float32Array(rows * columns),
      dispose: async () => {},
    }),
  })
  const { rows, lines } = await runTargets(set, { ours: [ours], peers: [] }, () => {}, limits)
  expect(rows.map((row) => row.case)).toEqual(['simd-rate'])
  expect(lines).toHaveLength(2)
  expect(lines[1]?.verdicts[0]?.got).toMatch(/^failed: matmul-2x2x2, fake: computed 0 at 0/)
})
