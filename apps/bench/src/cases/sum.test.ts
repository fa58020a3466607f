import { expect, test } from 'vitest'
import { fakeSubject } from '../subject.testing.ts'
import { sumFamily } from './sum.ts'

test('the sum of n numbers between 0 and 1 is compared with one of about n / 2', async () => {
  const prepared = await sumFamily.parse('sum-10000')?.prepare([
    fakeSubject({
      sum: async ({ values }) => ({
        step: async () => {},
        result: async () => [values.length],
        dispose: async () => {},
      }),
    }),
  ])
  expect(await prepared?.contenders[0]?.result()).toEqual([10_000])
  expect(prepared?.expected).toHaveLength(1)
  expect(prepared?.expected[0]).toBeGreaterThan(4900)
  expect(prepared?.expected[0]).toBeLessThan(5100)
})
