import { expect, test } from 'vitest'
import { encodeRate, simdRateFamily, simulate } from './simd-rate.ts'

test('the module is valid', () => {
  expect(WebAssembly.validate(encodeRate())).toBe(true)
})

test('a step computes what plain JavaScript computes', async () => {
  const prepared = await simdRateFamily.parse('simd-rate')?.prepare([])
  const [contender] = prepared?.contenders ?? []
  await contender?.step()
  expect(Array.from((await contender?.result()) ?? [])).toEqual(prepared?.expected)
})

test('the values stay apart, so that no iteration is for nothing', () => {
  expect(simulate(4096)).not.toBe(simulate(4095))
})
