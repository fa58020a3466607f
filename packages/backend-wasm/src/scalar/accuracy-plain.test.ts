import { describe, expect, test, vi } from 'vitest'
import { testAccuracy, testEdges, testOpAccuracy, testRemainder } from './accuracy.testing.ts'
import { hasRelaxed } from './relaxed.ts'

vi.mock('./relaxed.ts', () => ({ hasRelaxed: () => false }))

describe('without relaxed SIMD', () => {
  test('is what is tested', () => {
    expect(hasRelaxed()).toBe(false)
  })
  testAccuracy()
  testOpAccuracy()
  testEdges()
  testRemainder()
})
