import { expect, test } from 'vitest'
import { probeTiles } from './probe.ts'

const tiles = [
  { rows: 4, columns: 8, rate: 1 },
  { rows: 1, columns: 4, rate: 0.99 },
]

test('a probe ends soon, and rates the tiles that it is given', () => {
  const start = performance.now()
  const rated = probeTiles(tiles)
  expect(performance.now() - start).toBeLessThan(500)
  expect(rated.map(({ rows, columns }) => [rows, columns])).toEqual([
    [4, 8],
    [1, 4],
  ])
  const [usual, small] = rated
  expect(usual?.rate).toBe(1)
  expect(small?.rate).toBeGreaterThan(0)
  expect(small?.rate).toBeLessThanOrEqual(0.99)
})
