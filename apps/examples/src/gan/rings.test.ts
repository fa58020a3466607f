import { cpu } from '@tensorweft/backend-cpu'
import { key, setBackend } from '@tensorweft/core'
import { beforeAll, describe, expect, test } from 'vitest'
import { coverageOf, ringPoints } from './rings.ts'
import { scatter } from './scatter.ts'

beforeAll(() => setBackend(cpu()))

describe('points on a ring', () => {
  test('lie evenly around eight means, nearly all within 4 σ', async () => {
    const points = ringPoints(key(1), 4000)
    expect(points.shape).toEqual([4000, 2])
    const { shares, near } = coverageOf(await points.data())
    // Beyond 4 σ in the plane: exp(−8) = 0.03 %.
    expect(near).toBeGreaterThan(0.995)
    expect(shares).toHaveLength(8)
    for (const share of shares) expect(Math.abs(share - 1 / 8)).toBeLessThan(0.02)
  })

  test('count for the mode that they are near to, and for none beyond 4 σ', () => {
    const diagonal = Math.SQRT2
    const { shares, near } = coverageOf([
      ...[2, 0, 2.39, 0, 2.41, 0],
      ...[diagonal, diagonal, 0, -2, 0, 0, -2, 0.3, -2, -0.3],
    ])
    expect(shares.map((share) => share * 8)).toEqual([2, 1, 0, 0, 2, 0, 1, 0])
    expect(near).toBe(6 / 8)
  })
})

test('scatter draws points where they are, later ones over earlier ones, and none outside', () => {
  const cloud = (points: readonly number[], level: number) =>
    ({ points, color: [level, level, level] }) as const
  const picture = scatter([cloud([0, 0, -1, 1, 5, 5], 10), cloud([0, 0], 20)], 1, 9)
  expect(picture).toMatchObject({ width: 9, height: 9, channels: 3 })
  const dots = Array.from({ length: 81 }, (_, i) => picture.data[3 * i]).flatMap((level, i) =>
    level === 255 ? [] : [[i % 9, Math.floor(i / 9), level]],
  )
  expect(dots).toEqual([
    ...[
      [0, 0, 10],
      [1, 0, 10],
      [0, 1, 10],
      [1, 1, 10],
    ],
    ...[
      [4, 4, 20],
      [5, 4, 20],
      [4, 5, 20],
      [5, 5, 20],
    ],
  ])
})
