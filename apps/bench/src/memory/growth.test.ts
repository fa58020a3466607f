import { expect, test } from 'vitest'
import { backends } from '../subjects/tensorweft/index.ts'
import { isSteady, leastGrowth, measureGrowth } from './growth.ts'

test('the least growth is what every window shows', () => {
  expect(leastGrowth([10, 30, 35, 60])).toBe(5)
  expect(leastGrowth([10, 5])).toBe(-5)
  expect(leastGrowth([])).toBeUndefined()
})

test('a value that stays, or an object per step, is no steady state', () => {
  const steady = { subject: 'one', steps: 1000, heldBytes: 0, heapBytes: 50_000 }
  expect(isSteady(steady)).toBe(true)
  expect(isSteady({ ...steady, heldBytes: 4 })).toBe(false)
  expect(isSteady({ ...steady, heapBytes: 100_000 })).toBe(false)
})

test('training steps are checked and counted', async () => {
  const subject = await backends.get('cpu')?.({ threads: 1 })
  if (subject === undefined) throw new Error('no backend')
  const growth = await measureGrowth(subject, { steps: 2, settling: 1 })
  expect(growth).toMatchObject({ subject: 'tensorweft/cpu', steps: 2 })
  // Less, where what the first steps left is collected late.
  expect(growth.heldBytes).toBeLessThanOrEqual(0)
  await subject.dispose()
})

test('what a subject keeps of each step shows', async () => {
  let held = 0
  const subject = await backends.get('cpu')?.({ threads: 1 })
  if (subject === undefined) throw new Error('no backend')
  const leaking: typeof subject = { ...subject, heldBytes: () => (held += 8) }
  const growth = await measureGrowth(leaking, { steps: 1, settling: 0 })
  expect(growth.heldBytes).toBe(8)
  expect(isSteady(growth)).toBe(false)
  await subject.dispose()
})
