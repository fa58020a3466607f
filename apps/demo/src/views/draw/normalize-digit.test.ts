import { expect, test } from 'vitest'
import { digitSide, type Ink, normalizeDigit } from './normalize-digit.ts'

/** A drawing of 280 × 280 pixels with full ink in rectangles [left, top, right, bottom]. */
function draw(...rectangles: readonly (readonly [number, number, number, number])[]): Ink {
  const side = 280
  const data = new Uint8Array(side * side)
  for (const [left, top, right, bottom] of rectangles) {
    for (let y = top; y < bottom; y++) data.fill(255, y * side + left, y * side + right)
  }
  return { data, width: side, height: side }
}

function normalized(ink: Ink): Uint8Array {
  const digit = normalizeDigit(ink)
  if (digit === undefined) throw new Error('the drawing is blank')
  return digit
}

/** First and last row and column with ink, and the centre of mass. */
function boundsOf(digit: Uint8Array) {
  const inked = [...digit.keys()].filter((i) => digit[i] !== 0)
  const rows = inked.map((i) => Math.floor(i / digitSide))
  const columns = inked.map((i) => i % digitSide)
  const mass = digit.reduce((sum, value) => sum + value, 0)
  const momentOf = (position: (i: number) => number) =>
    digit.reduce((sum, value, i) => sum + value * (position(i) + 0.5), 0) / mass
  return {
    rows: [Math.min(...rows), Math.max(...rows)],
    columns: [Math.min(...columns), Math.max(...columns)],
    centerX: momentOf((i) => i % digitSide),
    centerY: momentOf((i) => Math.floor(i / digitSide)),
  }
}

test('a drawing without ink has no digit', () => {
  expect(normalizeDigit(draw())).toBeUndefined()
})

test('the longer side fills 20 pixels, the shorter one keeps its ratio', () => {
  const digit = normalized(draw([100, 10, 150, 210]))
  expect(boundsOf(digit)).toMatchObject({ rows: [4, 23] })
  // 50 of 200 pixels are 5 of 20, half of the outer ones covered.
  expect([...digit.subarray(14 * digitSide + 10, 14 * digitSide + 18)]).toEqual([
    0, 128, 255, 255, 255, 255, 128, 0,
  ])
})

test.each([
  ['small, in a corner', draw([0, 0, 30, 8], [0, 8, 8, 20])],
  ['large, to the edges', draw([0, 0, 280, 60], [0, 60, 60, 280])],
])('the centre of mass is in the middle of a digit that is %s', (_, ink) => {
  const { centerX, centerY } = boundsOf(normalized(ink))
  expect(centerX).toBeCloseTo(14, 1)
  expect(centerY).toBeCloseTo(14, 1)
})

test('size and place of the drawing make no difference', () => {
  const large = normalized(draw([40, 40, 200, 80], [40, 80, 80, 200]))
  const small = normalized(draw([200, 100, 240, 110], [200, 110, 210, 140]))
  large.forEach((value, i) => {
    expect(Math.abs(value - (small[i] ?? 0))).toBeLessThanOrEqual(1)
  })
})

test('ink keeps its amount', () => {
  const digit = normalized(draw([60, 40, 110, 240]))
  const mass = digit.reduce((sum, value) => sum + value, 0) / 255
  expect(mass).toBeCloseTo(20 * 5, 0)
})
