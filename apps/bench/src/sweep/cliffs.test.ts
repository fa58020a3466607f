import { expect, test } from 'vitest'
import { findCliffs } from './cliffs.ts'
import type { SweepRow, SweepShape } from './sweep.ts'

const shapes: SweepShape[] = [
  { case: 'aligned', neighbours: [] },
  { case: 'ragged', neighbours: ['missing', 'aligned'] },
]

function cliffs(shares: Readonly<Record<string, number>>, flops = 4e6): string[] {
  const rows = Object.entries(shares).map(([name, share]): [string, SweepRow] => [
    name,
    { case: name, subject: 'one', medianMs: 1, minMs: 1, runs: 1, flops, share },
  ])
  return findCliffs(shapes, new Map(rows)).map((cliff) => `${cliff.case} below ${cliff.below}`)
}

test('a shape falls short of the core or of an aligned neighbour', () => {
  expect(cliffs({ aligned: 0.8, ragged: 0.4 })).toEqual([])
  expect(cliffs({ aligned: 0.9, ragged: 0.44 })).toEqual(['ragged below half of aligned (0.90 R)'])
  expect(cliffs({ aligned: 0.34, ragged: 0.36 })).toEqual(['aligned below 0.35 R'])
})

test('small shapes are not judged', () => {
  expect(cliffs({ aligned: 0.9, ragged: 0.01 }, 3.9e6)).toEqual([])
})
