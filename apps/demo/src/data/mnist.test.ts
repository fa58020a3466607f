import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { mnistPart } from '../../build/mnist-assets.ts'
import { digitsOf } from './mnist.ts'

describe('the digits that come with the page', () => {
  test.each([
    ['train', 60_000, [5, 0, 4, 1, 9, 2, 1, 3, 1, 4], 33.3184],
    ['test', 10_000, [7, 2, 1, 0, 4, 1, 4, 9, 5, 9], 33.7912],
  ] as const)('%s: are those of MNIST', (part, count, first, mean) => {
    const digits = digitsOf(gunzipSync(readFileSync(mnistPart(part))))
    expect(digits.count).toBe(count)
    expect([...digits.labels.subarray(0, 10)]).toEqual(first)
    const sum = digits.images.reduce((total, value) => total + value, 0)
    expect(sum / digits.images.length).toBeCloseTo(mean, 4)
  })

  test('are refused where bytes are missing', () => {
    expect(() => digitsOf(new Uint8Array(784))).toThrow(/784 bytes, wanted a multiple of 785/)
    expect(() => digitsOf(new Uint8Array())).toThrow(/damaged/)
  })
})
