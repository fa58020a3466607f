import { expect, test } from 'vitest'
import { foldGrid } from './launch.ts'

test('large grids are folded with little to spare', () => {
  for (const workgroups of [1, 65_535, 65_536, 100_000, 65_535 * 3 + 1, 2 ** 31]) {
    const { columns, rows } = foldGrid(workgroups)
    expect(columns * rows).toBeGreaterThanOrEqual(workgroups)
    expect(columns * rows - workgroups).toBeLessThan(rows)
    expect(Math.max(columns, rows)).toBeLessThanOrEqual(65_535)
  }
})
