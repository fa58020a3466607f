import { expect, test } from 'vitest'
import { compiledCallsResults } from './calls.ts'

test('compiledCallsResults are twice the totals before the last call of each step', () => {
  const [a, b] = [Float32Array.of(1, 10), Float32Array.of(1, 2)]
  const results: number[] = []
  const total = Array.from(a)
  for (let call = 1; call <= 6; call++) {
    if (call % 3 === 0) results.push(...total.map((value) => 2 * value))
    b.forEach((increment, i) => {
      total[i] = (total[i] ?? 0) + increment
    })
  }
  expect(compiledCallsResults({ a, b, calls: 3 }, 2)).toEqual(results)
})
