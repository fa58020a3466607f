import { describe, expect, test } from 'vitest'
import { findCase } from '../cases/index.ts'
import type { MeasureLimits } from '../measure.ts'
import { makeRateMeter } from '../rate-meter.ts'
import { backends } from '../subjects/tensorweft/index.ts'
import { alignedSizes, withAligned } from './aligned.ts'
import { convSweep } from './conv-sweep.ts'
import { matmulSweep } from './matmul-sweep.ts'
import { runSweep } from './run-sweep.ts'

test('aligned neighbours are the multiples of 8 around a size', () => {
  expect([1, 8, 13, 257].map(alignedSizes)).toEqual([[8], [], [8, 16], [256, 264]])
  expect(withAligned([13, 1, 16])).toEqual([1, 8, 13, 16])
})

describe.each([matmulSweep, convSweep])('$name', ({ shapes }) => {
  test('names cases that exist, with their neighbours among them', () => {
    const names = new Set(shapes.map((shape) => shape.case))
    for (const shape of shapes) {
      expect(findCase(shape.case).flops).toBeGreaterThan(0)
      expect(shape.neighbours.filter((name) => !names.has(name))).toEqual([])
      expect(shape.neighbours).not.toContain(shape.case)
    }
  })

  test('has hundreds of shapes that are large enough', () => {
    const large = shapes.filter((shape) => (findCase(shape.case).flops ?? 0) >= 4e6)
    expect(large.length).toBeGreaterThan(200)
  })
})

test('the sweep over products has every size that it promises', () => {
  const names = matmulSweep.shapes.map((shape) => shape.case)
  for (const size of [1, 2, 69, 70, 71, 251, 255, 256, 257]) {
    expect(names).toContain(`matmul-${size}x${size}x${size}`)
    expect(names).toContain(`matmul-512x${size}x512`)
  }
})

test('a sweep measures each shape once and checks it', async () => {
  const limits: MeasureLimits = {
    ...{ warmUpMs: 0, budgetMs: 0, minRounds: 2, maxRounds: 2, maxBurst: 1, slowMs: 50_000 },
  }
  const subject = await backends.get('cpu')?.({ threads: 1 })
  if (subject === undefined) throw new Error('no backend')
  await subject.activate()
  const names = ['matmul-3x5x7', 'conv-by-input-1x4x5x2x3-s2', 'matmul-3x5x7']
  const shapes = names.map((name) => ({ case: name, neighbours: [] }))
  const sweep = { name: 'small', summary: '', shapes }
  const { rows, judged, cliffs } = await runSweep(sweep, subject, await makeRateMeter(), limits)
  expect(rows.map((row) => row.case)).toEqual(names.slice(0, 2))
  expect(rows.every(({ share, runs }) => share > 0 && runs === 2)).toBe(true)
  expect({ judged, cliffs }).toEqual({ judged: 0, cliffs: [] })
  await subject.dispose()
})
