import type { DigitData, IndexData } from '@tensorweft/core'
import { affine, Random } from '@tensorweft/testkit/plans'
import { describe, expect, test } from 'vitest'
import { axisCounters } from './counters.ts'
import { boundsOf, indexText, withinText } from './index-text.ts'

const sizes = [3, 1, 4, 5]

function* points(): Iterable<readonly number[]> {
  for (let i = 0; i < 3; i++) {
    for (let j = 0; j < 4; j++) for (let k = 0; k < 5; k++) yield [i, 0, j, k]
  }
}

/** The value by floor division. */
function valueAt({ constant, terms, digits }: IndexData, point: readonly number[]): number {
  let value = constant
  for (const { axis, coefficient } of terms) value += coefficient * (point[axis] ?? 0)
  for (const { of, divisor, modulus, coefficient } of digits) {
    const quotient = Math.floor(valueAt(of, point) / divisor)
    value += coefficient * (modulus === 0 ? quotient : ((quotient % modulus) + modulus) % modulus)
  }
  return value
}

/** The value of a text: division and remainder of BigInt truncate as those of WGSL do. */
function valueOfText(text: string, point: readonly number[]): unknown {
  const counters = text.replaceAll(/i(\d)/g, (_, axis) => `(${point[Number(axis)]})`)
  const expression = counters.replaceAll(/\d+/g, '$&n').replaceAll('&', '&&')
  return new Function(`return ${expression}`)()
}

function randomIndex(random: Random, depth: number): IndexData {
  const coefficients = sizes.map(() => (random.chance(0.3) ? 0 : random.integer(-9, 9)))
  const digits: DigitData[] = []
  while (depth > 0 && random.chance(0.5)) {
    digits.push({
      of: randomIndex(random, depth - 1),
      divisor: random.integer(1, 6),
      modulus: random.chance(0.3) ? 0 : random.integer(1, 7),
      coefficient: random.integer(-4, 4) || 1,
    })
  }
  return affine(coefficients, random.integer(-30, 30), digits)
}

describe('index text', () => {
  test('rounds down at every point of random expressions, and keeps to its bounds', () => {
    const random = new Random(5)
    const counters = axisCounters(sizes)
    for (let k = 0; k < 200; k++) {
      const data = randomIndex(random, 2)
      const text = indexText(data, counters)
      const { min, max } = boundsOf(data, sizes)
      const low = random.integer(-20, 10)
      const within = [{ index: data, low, high: low + random.integer(0, 30) }]
      const condition = withinText(within, counters)
      for (const point of points()) {
        const value = valueAt(data, point)
        const isInside = within.every(({ low, high }) => low <= value && value < high)
        expect(valueOfText(text, point)).toBe(BigInt(value))
        expect(valueOfText(condition, point)).toBe(isInside)
        expect(value).toBeGreaterThanOrEqual(min)
        expect(value).toBeLessThanOrEqual(max)
      }
    }
  })

  test('leaves out what the bounds imply', () => {
    const counters = axisCounters(sizes)
    const last = affine([0, 0, 0, 1])
    expect(withinText([{ index: last, low: 0, high: 5 }], counters)).toBe('true')
    expect(withinText([{ index: last, low: 5, high: 9 }], counters)).toBe('false')
    expect(withinText([{ index: last, low: -2, high: 3 }], counters)).toBe('(i3 < 3)')
  })

  test('refuses what 32 bits do not hold', () => {
    const counters = axisCounters([2 ** 16])
    expect(() => indexText(affine([2 ** 16]), counters)).toThrow('32 bits')
    const of = affine([2 ** 15], -1)
    const digits = [{ of, divisor: 2 ** 30, modulus: 2 ** 3, coefficient: 1 }]
    expect(() => indexText(affine([], 0, digits), counters)).toThrow('32 bits')
  })
})
