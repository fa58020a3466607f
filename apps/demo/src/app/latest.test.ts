import { afterEach, expect, test } from 'vitest'
import { problem } from './errors.ts'
import { latest } from './latest.ts'

afterEach(() => {
  problem.value = undefined
})

/** Lets everything run that waits for nothing else. */
const settle = () => new Promise((resolve) => setTimeout(resolve))

test('of the requests that come during work only the last is done', async () => {
  const done: number[] = []
  const request = latest(async (n: number) => {
    await settle()
    done.push(n)
  })
  for (const n of [1, 2, 3, 4]) request(n)
  await expect.poll(() => done).toEqual([1, 4])
  request(5)
  await expect.poll(() => done).toEqual([1, 4, 5])
})

test('after a failure, which is told, it goes on', async () => {
  const done: number[] = []
  const request = latest(async (n: number) => {
    if (n === 1) throw new Error('no weights')
    done.push(n)
  })
  request(1)
  request(2)
  await expect.poll(() => done).toEqual([2])
  expect(problem.value).toBe('no weights')
})
