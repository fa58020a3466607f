import { expect, test } from 'vitest'
import { probeTiles } from './probe.ts'

const tiles = [
  { rows: 4, columns: 8, rate: 1 },
  { rows: 1, columns: 4, rate: 0.99 },
]

test('a probe ends soon, and rates the tiles that it is given', () => {
  const probes = [1, 2, 3].map(() => {
    const start = performance.now()
    const rated = probeTiles(tiles)
    return { rated, elapsedMs: performance.now() - start }
  })
  for (const { rated } of probes) {
    const [usual, small] = rated
    expect(rated).toMatchObject(tiles.map(({ rows, columns }) => ({ rows, columns })))
    expect(usual?.rate).toBe(1)
    expect(small?.rate).toBeGreaterThan(0)
  }
  // The least: other programs may take the processor away meanwhile.
  expect(Math.min(...probes.map(({ elapsedMs }) => elapsedMs))).toBeLessThan(500)
  const smallRates = probes.map(({ rated: [, small] }) => small?.rate ?? Number.NaN)
  expect(Math.min(...smallRates)).toBeLessThanOrEqual(0.99)
})
